"""The largest set of which each two were at work at once: there are at least so many people."""

from detector.windows.compiled import Array, compiled

PAIR = 2


@compiled
def largest_set(pairs: Array, there: int, least: int) -> tuple[int, int]:
    """Return the size of the largest set of which each two count `least`, and what its weakest two count.

    `pairs`: (n, n), symmetric; `there`: a bit for each of the n that may be in it. Of sets of one size it is
    that whose weakest two count most; (1, 0) where no two count enough. A largest clique, by trying all sets.
    """
    size, sure = 1, 0
    for chosen in range(3, 1 << len(pairs)):
        if chosen & ~there:
            continue
        members, weakest = 0, 255
        for place in range(len(pairs)):
            if chosen >> place & 1 == 0:
                continue
            members += 1
            for other in range(place + 1, len(pairs)):
                if chosen >> other & 1:
                    weakest = min(weakest, int(pairs[place, other]))
            if weakest < least:
                break
        if members < PAIR or weakest < least:
            continue
        if members > size or (members == size and weakest > sure):
            size, sure = members, weakest
    return size, sure
