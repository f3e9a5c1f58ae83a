import pytest


@pytest.fixture
def small_extents(monkeypatch: pytest.MonkeyPatch) -> int:
    """Files of several extents, without large files; returns what each has, bytes, but for its last line."""
    size = 300
    monkeypatch.setattr("detector.formats.extents.EXTENT_BYTES", size)
    return size
