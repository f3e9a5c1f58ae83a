"""The zip of a bundle: the same dossier gives the same bytes, on any machine at any time."""

from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO
from typing import Final
from zipfile import ZIP_STORED, ZipFile, ZipInfo

MANIFEST: Final = "manifest.sha256"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can name."""
_UNIX: Final = 3
_READABLE: Final = 0o100644 << 16


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files, by name, and a manifest of their SHA-256, which `sha256sum -c` reads, as a zip.

    They are stored as they are: how well they are compressed differs from one zlib to the next.
    """
    whole = {**files, MANIFEST: manifest(files)}
    out = BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as archive:
        for name in sorted(whole):
            info = ZipInfo(name, _EPOCH)
            info.create_system, info.external_attr = _UNIX, _READABLE
            archive.writestr(info, whole[name])
    return out.getvalue()


def manifest(files: Mapping[str, bytes]) -> bytes:
    """Return a line for each file: its SHA-256 in hex, and its name."""
    return "".join(f"{sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()
