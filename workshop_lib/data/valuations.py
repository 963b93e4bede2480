"""Collateral valuations: houses whose price follows a known formula."""

import numpy as np
import pandas as pd

from workshop_lib.options import between, whole_number

_REGIONS = {"coast": 45.0, "south": 12.0, "north": 0.0}
_COLOURS = ("white", "red", "yellow", "grey")


def housing(n=600, seed=0, *, n_noise=0, noise=18.0):
    """Generate house valuations with a known price formula.

    ``price_keur = 20 + 3.2 area - 0.006 area^2 + 9 rooms - 0.5 age_years - 4 distance_km
    + 14 garden + region (coast 45, south 12, north 0) + N(0, noise)``. The colour and the sensors
    do not enter.

    Parameters
    ----------
    n : int, default=600
        Number of houses, at least 1.
    seed : int, default=0
        Seed of the random numbers.
    n_noise : int, default=0
        Number of irrelevant columns ``sensor_00``, ``sensor_01``, ...; independent of all else.
    noise : float, default=18
        Standard deviation of the noise of the price in EUR 1,000, at least 0.

    Returns
    -------
    pandas.DataFrame of shape (n, 8 + n_noise)
        area (square metres, 40 to 220), rooms (count), age_years (0 to 60), distance_km (to the
        centre, 0.5 to 11.5), garden (0, 1), region (coast, south, north), colour, the sensors,
        price_keur (EUR 1,000).

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Source: own simulation; see ``datasets/housing.md``.

    Examples
    --------
    >>> housing(400, n_noise=16).shape
    (400, 24)
    """
    n = whole_number("n", n, least=1)
    between("n_noise", n_noise, 0, 100)
    between("noise", noise, 0, np.inf)
    # One stream for each group of columns: `n_noise` and `noise` leave the others as they are.
    house_rng, sensor_rng, price_rng = np.random.default_rng(seed).spawn(3)
    area = house_rng.uniform(40, 220, n).round(1)
    frame = pd.DataFrame(
        {
            "area": area,
            "rooms": (area / 27 + house_rng.normal(0, 0.9, n)).round().clip(1).astype(np.int64),
            "age_years": house_rng.integers(0, 61, n),
            "distance_km": house_rng.uniform(0.5, 11.5, n).round(1),
            "garden": house_rng.integers(0, 2, n),
            "region": house_rng.choice(list(_REGIONS), n, p=[0.3, 0.3, 0.4]),
            "colour": house_rng.choice(_COLOURS, n),
        }
    )
    sensors = sensor_rng.normal(0, 0.6, (n_noise, n)).round(3)
    frame = frame.assign(**{f"sensor_{i:02d}": values for i, values in enumerate(sensors)})
    price = _expected_price(frame) + price_rng.normal(0, 1, n) * noise
    return frame.assign(price_keur=price.round(1))


def _expected_price(frame):
    return (
        20
        + 3.2 * frame.area
        - 0.006 * frame.area**2
        + 9 * frame.rooms
        - 0.5 * frame.age_years
        - 4 * frame.distance_km
        + 14 * frame.garden
        + frame.region.map(_REGIONS)
    )
