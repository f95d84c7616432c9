"""How much of the normal curve lies below a point, and below which point does a share lie?"""

# Shapes: any.

from __future__ import annotations

import numpy as np

from salescore.typing import FloatArray

__all__ = ["normal_point", "normal_share"]

_CENTRE, _MIDDLE = 0.46875, 4.0  # where one ratio of polynomials hands over to the next
_SQUARES = 16.0  # squares of sixteenths are exact
_FAR = 28.0  # the error function is 0 in floats from here on

# Cody (1969), highest power first: of the error function, and of its complement.
_ERF = (
    (1.85777706184603153e-1, 3.16112374387056560, 1.13864154151050156e2, 3.77485237685302021e2,
     3.20937758913846947e3),
    (1.0, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3,
     2.84423683343917062e3),
)  # fmt: skip
_ERFC = (
    (2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1,
     2.98635138197400131e2, 8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3,
     1.23033935479799725e3),
    (1.0, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2,
     1.62138957456669019e3, 3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3,
     1.23033935480374942e3),
)  # fmt: skip
_ERFC_FAR = (
    (1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1,
     1.25781726111229246e-1, 1.60837851487422766e-2, 6.58749161529837803e-4),
    (1.0, 2.56852019228982242, 1.87295284992346047, 5.27905102951428412e-1,
     6.05183413124413191e-2, 2.33520497626869185e-3),
)  # fmt: skip

# Wichura (1988), highest power first: around the middle, and in the tails.
_MIDDLE_POINT = (
    (2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4,
     4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
     1.3314166789178437745e2, 3.3871328727963666080),
    (5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4,
     2.1213794301586595867e4, 5.3941960214247511077e3, 6.8718700749205790830e2,
     4.2313330701600911252e1, 1.0),
)  # fmt: skip
_TAIL_POINT = (
    (7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
     1.27045825245236838258, 3.64784832476320460504, 5.76949722146069140550,
     4.63033784615654529590, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
     1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940,
     2.05319162663775882187, 1.0),
)  # fmt: skip
_FAR_POINT = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
     2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580,
     5.46378491116411436990, 6.65790464350110377720),
    (2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
     7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
     5.99832206555887937690e-1, 1.0),
)  # fmt: skip


def normal_share(point: FloatArray) -> FloatArray:
    """Give how much of the normal curve lies below points.

    Parameters
    ----------
    point : (...) float64
        In standard deviations from the mean; -inf and inf are 0 and 1.

    Returns
    -------
    (...) float64
        Right to 4e-16, and to 1e-14 of itself down to 1e-300; never falling beyond that.
        Empty stays empty.

    Notes
    -----
    W. J. Cody, *Rational Chebyshev approximations for the error function* (1969); the square
    in the exponent is taken in two parts, so that nothing of it is rounded away.

    Examples
    --------
    >>> import numpy as np
    >>> normal_share(np.array([-1.96, 0.0, 1.96])).round(4)
    array([0.025, 0.5  , 0.975])
    """
    flat = point.ravel()
    far = np.minimum(np.abs(flat) * np.sqrt(0.5), _FAR)
    share = np.empty_like(flat)
    near = far <= _CENTRE
    rows = np.flatnonzero(near)
    share[rows] = 0.5 + 0.5 * np.copysign(far[rows] * _ratio(_ERF, far[rows] ** 2), flat[rows])
    rows = np.flatnonzero(~near & (far <= _MIDDLE))
    share[rows] = _ratio(_ERFC, far[rows]) * _bell(np.abs(flat[rows]))
    rows = np.flatnonzero(far > _MIDDLE)
    inverse = 1 / (far[rows] * far[rows])
    tail = (np.sqrt(1 / np.pi) - inverse * _ratio(_ERFC_FAR, inverse)) / far[rows]
    share[rows] = tail * _bell(np.abs(flat[rows]))
    rows = np.flatnonzero(~near)
    half = 0.5 * share[rows]
    share[rows] = np.where(flat[rows] > 0, 1 - half, half)
    return share.reshape(point.shape)


def normal_point(share: FloatArray) -> FloatArray:
    """Give the point below which a share of the normal curve lies.

    Parameters
    ----------
    share : (...) float64
        From 0 to 1.

    Returns
    -------
    (...) float64
        In standard deviations from the mean, right to 1e-15 of itself; -inf for 0 and inf
        for 1. Empty stays empty.

    Notes
    -----
    M. J. Wichura, *Algorithm AS 241* (1988).

    Examples
    --------
    >>> import numpy as np
    >>> normal_point(np.array([0.025, 0.5, 1.0])).round(4)
    array([-1.96,  0.  ,   inf])
    """
    flat = share.ravel()
    beside = flat - 0.5
    point = np.empty_like(flat)
    middle = np.abs(beside) <= 0.425
    rows = np.flatnonzero(middle)
    point[rows] = beside[rows] * _ratio(_MIDDLE_POINT, 0.180625 - beside[rows] ** 2)
    rows = np.flatnonzero(~middle)
    with np.errstate(divide="ignore"):
        depth = np.sqrt(-np.log(np.minimum(flat[rows], 1 - flat[rows])))
    ends = np.isinf(depth)
    depth[ends] = 5.0
    tail = np.where(depth <= 5, _ratio(_TAIL_POINT, depth - 1.6), _ratio(_FAR_POINT, depth - 5))
    tail[ends] = np.inf
    point[rows] = np.copysign(tail, beside[rows])
    return point.reshape(share.shape)


def _ratio(parts: tuple[tuple[float, ...], tuple[float, ...]], x: FloatArray) -> FloatArray:
    """Give one polynomial over another, both with the highest power first."""
    above, below = (_polynomial(part, x) for part in parts)
    ratio: FloatArray = above / below
    return ratio


def _polynomial(powers: tuple[float, ...], x: FloatArray) -> FloatArray:
    value = np.full_like(x, powers[0])
    for power in powers[1:]:
        value *= x
        value += power
    return value


def _bell(point: FloatArray) -> FloatArray:
    """Give exp(-z^2 / 2), the square in two parts of which the greater is exact."""
    near = np.minimum(point, _FAR * 2)
    coarse = np.trunc(near * _SQUARES) / _SQUARES
    bell: FloatArray = np.exp(-coarse * coarse / 2)
    bell *= np.exp(-(near - coarse) * (near + coarse) / 2)
    return bell
