"""Long identifiers, made short where they are remembered or shown.

An event may hold an identifier of tens of thousands of characters; the twenty of an alert's evidence would
not fit into a message. Equal ones stay equal and different ones different, without a key: alerts show them.
"""

from hashlib import blake2b
from typing import Final, TypeVar

LONGEST: Final = 256
"""Characters; what has no more is left as it is."""
_KEPT = 224
_DIGEST_BYTES = (LONGEST - _KEPT) // 2

Text = TypeVar("Text", str, str | None)


def clipped(text: Text) -> Text:
    """Return a text of at most `LONGEST` characters: of a longer one the first 224, and its hash in hex."""
    if text is None:
        return text
    if len(text) <= LONGEST:
        return text
    digest = blake2b(text.encode(errors="surrogatepass"), digest_size=_DIGEST_BYTES).hexdigest()
    return text[:_KEPT] + digest
