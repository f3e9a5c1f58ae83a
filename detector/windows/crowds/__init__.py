"""Rows of crowds, what many accounts share, and the kernels that fold cells into them; a family in each file.

A family counts one thing (sign-ups, logins, ...) wherever accounts meet: at an address, on a device, in an
organisation. Each module has the layout of its row, of the cells folded into it, and of what rules read.
"""
