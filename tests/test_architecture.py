"""What the engines may not know; the order of imports inside the package is held by .importlinter."""

import grimp
import pytest

# The edge: what reads and writes, asks the clock, draws lots, or looks at the environment.
EDGE = {
    "__main__",
    "children",
    "cli",
    "clock",
    "demo",
    "formats",
    "local",
    "logs",
    "replay",
    "stores",
    "stream",
}
# Chance is what a simulated history is made of; it is seeded.
MAY_DRAW_LOTS = {"simulate"}
IMPURE = {
    "aiokafka",
    "asyncio",
    "detector.clock",
    "faust",
    "os",
    "redis",
    "secrets",
    "socket",
    "subprocess",
    "threading",
    "time",
}


@pytest.fixture(scope="module")
def imports() -> set[tuple[str, str]]:
    """All imports of the package, as (importer, imported)."""
    graph = grimp.build_graph("detector", include_external_packages=True, cache_dir=None)
    return {(by, what) for by in graph.modules for what in graph.find_modules_directly_imported_by(by)}


def part(module: str) -> str:
    return module.split(".")[1] if "." in module else module


def test_only_the_edge_knows_network_clock_and_environment(imports: set[tuple[str, str]]) -> None:
    assert [] == sorted((by, what) for by, what in imports if what in IMPURE and part(by) not in EDGE)


def test_only_simulation_and_the_edge_draw_lots(imports: set[tuple[str, str]]) -> None:
    allowed = EDGE | MAY_DRAW_LOTS
    assert [] == sorted((by, what) for by, what in imports if what == "random" and part(by) not in allowed)


def test_faust_is_known_to_one_module_at_most(imports: set[tuple[str, str]]) -> None:
    assert len({by for by, what in imports if what in {"faust", "mode"}}) <= 1
