"""The features of many moments, as rules read them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Moments:
    """A structured array of shape (n,) whose fields are attributes, or items, of shape (n, ...).

    Each is copied into one piece where it is first asked for. Rules read a few of many fields again and
    again: a recarray would look for each anew, and step over a whole record from one value to the next.
    """

    def __init__(self, features: NDArray[np.void]) -> None:
        self._features = features

    def __getattr__(self, name: str) -> NDArray[Any]:
        """Return a field; asked for only where it is not there yet."""
        try:
            column = np.ascontiguousarray(self._features[name])
        except ValueError:
            raise AttributeError(f"no feature is called {name!r}") from None
        self.__dict__[name] = column
        return column

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return a field."""
        column: NDArray[Any] = getattr(self, name)
        return column
