"""What a path says does not depend on the numbers in it, but for which thing and page it is."""

import numpy as np
import pytest

from detector.enrich.scanners import Probe
from detector.stages.asked_paths import AskedPaths


def told(path: str) -> dict[str, int]:
    row = AskedPaths(10).rows([path])[0]
    return {name: int(row[name]) for name in row.dtype.names}


@pytest.mark.parametrize(
    ("path", "number"),
    [("/items/7", 7), ("/v2/items/123456/parts", 123456), ("/items/1234567890123", 567890123), ("/about", 0)],
)
def test_the_last_number_is_told(path: str, number: int) -> None:
    assert number == told(path)["number"]


def test_things_of_one_catalogue_have_one_shape_and_are_others() -> None:
    one, two = told("/v2/items/7/parts"), told("/v2/items/123/parts")
    assert (one["shape"], one["probe"], one["bulk"]) == (two["shape"], two["probe"], two["bulk"])
    assert one["path"] != two["path"]
    assert one["shape"] != told("/v2/items/parts")["shape"]


@pytest.mark.parametrize(
    ("path", "probe"),
    [
        ("/5/c99.php", Probe.SHELLS),
        ("/5/phpmyadmin2/6", Probe.CONSOLES),
        ("/hnap1/", Probe.DEVICES),
        ("/7/backup2024.sql", Probe.DUMPS),
        ("/items/7?id=5' or 1=1", Probe.INJECTION),
        ("/items/7", Probe.NONE),
    ],
)
def test_numbers_that_belong_to_a_name_stay(path: str, probe: Probe) -> None:
    assert probe == told(path)["probe"]


def test_each_path_has_its_row_in_any_batch() -> None:
    kept = AskedPaths(3)
    paths = [f"/items/{number}" for number in range(50)]
    whole = kept.rows(paths)
    assert np.array_equal(whole, np.concatenate([kept.rows([path]) for path in paths]))
    assert not kept.rows([None]).view(np.uint8).any()
