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


def test_a_million_things_of_two_catalogues_are_as_many_paths() -> None:
    kept = AskedPaths(10)
    numbers = range(500_000)
    of_a, of_b = (
        set(kept.rows([f"/{name}/{number}" for number in numbers])["path"].tolist()) for name in "ab"
    )
    assert len(numbers) == len(of_a) == len(of_b)
    # Of two sets of half a million hashes of 32 bits, 58 are expected to fall together.
    assert len(of_a & of_b) < 120
    assert 2 == len(kept)


def test_neighbouring_things_lie_apart() -> None:
    hashes = AskedPaths(10).rows([f"/a/{number}" for number in range(1 << 14)])["path"]
    in_each_64th = np.bincount(hashes >> np.uint32(26), minlength=64)
    assert 170 < in_each_64th.min() < in_each_64th.max() < 350


@pytest.mark.parametrize(
    "paths",
    [
        ("/a/7", "/a/07"),
        ("/a/0", "/a/00"),
        ("/a/0", "/a/"),
        ("/a/1234567890", "/a/234567890"),
        ("/a/7", "/a/\N{ARABIC-INDIC DIGIT SEVEN}"),
        ("/a/5/7", "/a/6/7"),
        ("/a/7", "/a#/7"),
    ],
)
def test_other_texts_are_other_paths(paths: tuple[str, str]) -> None:
    one, two = AskedPaths(10).rows(paths)["path"].tolist()
    assert one != two


def test_a_path_is_the_same_before_a_query_or_a_fragment_that_ends_with_a_number() -> None:
    rows = AskedPaths(10).rows(["/a", "/a?t=/7", "/a#/7"])
    assert 1 == len(set(rows[["path", "shape", "number"]].tolist()))


def test_each_path_has_its_row_in_any_batch() -> None:
    kept = AskedPaths(3)
    paths = [f"/items/{number}" for number in range(50)]
    whole = kept.rows(paths)
    assert np.array_equal(whole, np.concatenate([kept.rows([path]) for path in paths]))
    assert not kept.rows([None]).view(np.uint8).any()
