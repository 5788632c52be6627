"""The inner loops of the models, compiled by numba: plain loops over arrays, many grid points side by side.

The other files of the room say what is computed and why; these say how it is computed fast. Working arrays carry grid
points (rho, sigma) on their last axis, so that one instruction works on several of them; updates are right-looking, so
that no inner loop carries a sum, which is what lets the compiler do so.
"""

from __future__ import annotations

import numba

compiled = numba.njit(cache=True, nogil=True, fastmath={"contract", "reassoc", "arcp", "nsz"}, error_model="numpy")
