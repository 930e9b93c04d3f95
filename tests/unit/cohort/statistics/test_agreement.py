"""Agreement against published worked examples, and against slow references that share no code with it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from calciscope.cohort.statistics.bland_altman import limits_of_agreement
from calciscope.cohort.statistics.intraclass import intraclass_correlation
from calciscope.cohort.statistics.kappa import cohens_kappa
from calciscope.cohort.statistics.repeatability import repeatability
from calciscope.terms.errors import Refused

SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
"""Shrout and Fleiss 1979, table 2: six targets, four judges."""

LARGE = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
LARGE_AGAIN = [490, 397, 512, 401, 470, 611, 415, 431, 638, 429, 420, 633, 275, 492, 165, 372, 421]
MINI = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]
MINI_AGAIN = [525, 415, 508, 444, 500, 625, 460, 390, 642, 432, 420, 605, 227, 467, 268, 370, 443]
"""Bland and Altman 1986, table 1: peak expiratory flow in l/min of 17 people, each meter blown twice."""


@some.composite
def tables(draw) -> list[list[float]]:
    """Subjects, raters and noise of any size, from a drawn seed: fast to make, and every shape of table occurs."""
    n, k, seed = draw(some.integers(3, 8)), draw(some.integers(2, 4)), draw(some.integers(0, 10_000))
    subjects, raters, noise = (10.0 ** draw(some.integers(-1, 2)) for _ in range(3))
    chance = np.random.default_rng(seed)
    table = (
        subjects * chance.normal(size=(n, 1)) + raters * chance.normal(size=(1, k)) + noise * chance.normal(size=(n, k))
    )
    return (500.0 + table).tolist()


def test_intraclass_of_shrout_and_fleiss() -> None:
    found = intraclass_correlation(SHROUT_FLEISS)
    assert (found.subjects, found.raters) == (6, 4)
    assert found.agreement.estimate == pytest.approx(0.29, abs=0.005)
    assert found.consistency.estimate == pytest.approx(0.71, abs=0.005)
    assert (found.agreement.lower, found.agreement.upper) == pytest.approx((0.02, 0.76), abs=0.005)
    assert (found.consistency.lower, found.consistency.upper) == pytest.approx((0.34, 0.95), abs=0.005)


def slow_agreement(table: list[list[float]]) -> float:
    """ICC(2,1) by its meaning: variance of subjects over variance of subjects, raters and error, sums written out."""
    n, k = len(table), len(table[0])
    mean = sum(map(sum, table)) / (n * k)
    rows = [sum(row) / k for row in table]
    columns = [sum(row[j] for row in table) / n for j in range(k)]
    msr = sum(k * (one - mean) ** 2 for one in rows) / (n - 1)
    msc = sum(n * (one - mean) ** 2 for one in columns) / (k - 1)
    mse = sum((table[i][j] - rows[i] - columns[j] + mean) ** 2 for i in range(n) for j in range(k)) / (
        (n - 1) * (k - 1)
    )
    subjects, raters = (msr - mse) / k, (msc - mse) / n
    return subjects / (subjects + raters + mse)


@given(tables())
def test_intraclass_equals_its_slow_reference(table: list[list[float]]) -> None:
    found = intraclass_correlation(table)
    if 0.01 < found.agreement.estimate < 0.999:
        assert found.agreement.estimate == pytest.approx(slow_agreement(table), abs=1e-6)
        assert found.agreement.lower <= found.agreement.estimate <= found.agreement.upper + 1e-9
    assert found.consistency.lower <= found.consistency.estimate <= found.consistency.upper


def test_a_rater_who_reads_high_throughout_lowers_agreement_and_not_consistency() -> None:
    found = intraclass_correlation([[value, value + 40.0] for value in (10.0, 50.0, 90.0, 30.0)])
    assert found.consistency.estimate == 1.0
    assert found.agreement.estimate < 0.7


def test_raters_who_say_the_same_agree_wholly() -> None:
    assert intraclass_correlation([[1, 1], [5, 5], [9, 9]]).agreement.estimate == 1.0


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Simulated: 20 subjects, 3 raters drawn anew, true agreement 0.7."""
    chance = np.random.default_rng(1)
    held = 0
    for _ in range(400):
        subjects = chance.normal(0, math.sqrt(0.7), (20, 1))
        raters = chance.normal(0, math.sqrt(0.1), (1, 3))
        found = intraclass_correlation((subjects + raters + chance.normal(0, math.sqrt(0.2), (20, 3))).tolist())
        held += found.agreement.lower <= 0.7 <= found.agreement.upper
    assert 0.92 <= held / 400 <= 0.985


def test_limits_of_agreement_of_bland_and_altman() -> None:
    """Published with a factor of 2 for 1.96: bias -2.1, SD 38.8, limits -79.7 and 75.5; interval of the bias -22.0 to 17.8."""
    found = limits_of_agreement(LARGE, MINI)
    assert found.bias.estimate == pytest.approx(-2.1, abs=0.05)
    sd = (found.upper_limit.estimate - found.lower_limit.estimate) / (2 * 1.95996)
    assert sd == pytest.approx(38.8, abs=0.05)
    assert (found.bias.estimate - 2 * sd, found.bias.estimate + 2 * sd) == pytest.approx((-79.7, 75.5), abs=0.15)
    assert (found.bias.lower, found.bias.upper) == pytest.approx((-22.0, 17.8), abs=0.1)
    # The paper's margin of a limit, with sqrt(3/n) for its variance: 34.6
    assert found.lower_limit.estimate - found.lower_limit.lower == pytest.approx(34.6, rel=0.02)
    assert not found.is_proportional


def test_repeatability_of_bland_and_altman() -> None:
    """Published: coefficients of repeatability 43.2 (large meter) and 56.4 (mini meter), twice the SD of the differences."""
    for first, second, published in ((LARGE, LARGE_AGAIN, 43.2), (MINI, MINI_AGAIN, 56.4)):
        found = repeatability(list(zip(first, second, strict=True)))
        assert found.coefficient.estimate * 2 / 1.95996 == pytest.approx(published, rel=0.005)
        assert found.within_sd.lower < found.within_sd.estimate < found.within_sd.upper
        assert found.within_cv_percent is not None


def test_within_subject_sd_equals_its_slow_reference() -> None:
    differences = [a - b for a, b in zip(MINI, MINI_AGAIN, strict=True)]
    slow = math.sqrt(sum(one**2 for one in differences) / (2 * len(differences)))
    assert repeatability(list(zip(MINI, MINI_AGAIN, strict=True))).within_sd.estimate == pytest.approx(slow)


def test_ratios_are_limits_of_logarithms() -> None:
    first, second = [110.0, 220.0, 55.0, 1100.0], [100.0, 200.0, 50.0, 1000.0]
    found = limits_of_agreement(first, second, as_ratio=True)
    assert found.bias.estimate == pytest.approx(1.1)
    assert (found.lower_limit.estimate, found.upper_limit.estimate) == pytest.approx((1.1, 1.1))
    assert found.means[0] == pytest.approx(math.sqrt(110 * 100))


def test_a_difference_that_grows_with_size_is_told() -> None:
    chance = np.random.default_rng(2)
    true = chance.uniform(10, 1000, 40)
    found = limits_of_agreement((1.2 * true + chance.normal(0, 5, 40)).tolist(), true.tolist())
    assert found.is_proportional
    assert found.slope is not None and found.slope.estimate == pytest.approx(0.2 / 1.1, abs=0.02)


def test_kappa_of_a_published_table() -> None:
    """Fifty proposals, 35 judged alike: seen 0.7, by chance 0.5, kappa 0.4."""
    first = ["yes"] * 25 + ["no"] * 25
    second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    found = cohens_kappa(first, second)
    assert (found.pairs, found.agreed) == (50, 35)
    assert found.kappa is not None and found.kappa.estimate == pytest.approx(0.4)


def slow_error(shares: np.ndarray, n: int) -> float:
    """Standard error of kappa by the delta method, the derivative taken numerically."""

    def kappa(cells: np.ndarray) -> float:
        of = cells.reshape(shares.shape) / cells.sum()
        chance = float(of.sum(axis=1) @ of.sum(axis=0))
        return (float(np.trace(of)) - chance) / (1 - chance)

    cells, step = shares.ravel(), 1e-6
    slopes = np.array(
        [(kappa(cells + step * one) - kappa(cells - step * one)) / (2 * step) for one in np.eye(cells.size)]
    )
    covariance = (np.diag(cells) - np.outer(cells, cells)) / n
    return math.sqrt(float(slopes @ covariance @ slopes))


def test_interval_of_kappa_equals_its_slow_reference() -> None:
    counts = np.array([[20, 4, 1], [3, 11, 2], [2, 1, 6]])
    pairs = [(str(i), str(j)) for i in range(3) for j in range(3) for _ in range(counts[i, j])]
    found = cohens_kappa([one for one, _ in pairs], [other for _, other in pairs]).kappa
    assert found is not None
    error = (found.upper - found.estimate) / 1.959964
    assert error == pytest.approx(slow_error(counts / counts.sum(), int(counts.sum())), rel=1e-4)


def test_kappa_of_one_answer_throughout_is_not_told() -> None:
    assert cohens_kappa(["calcinosis"] * 5, ["calcinosis"] * 5).kappa is None
    one_sided = cohens_kappa(["calcinosis"] * 5, ["calcinosis"] * 3 + ["other"] * 2)
    assert (one_sided.agreed, one_sided.kappa) == (3, None)


@pytest.mark.parametrize(
    "asked",
    [
        lambda: intraclass_correlation([[1, 2], [3, 4]]),
        lambda: intraclass_correlation([[1, 2], [3], [4, 5]]),
        lambda: intraclass_correlation([[1, 2], [3, math.nan], [4, 5]]),
        lambda: intraclass_correlation([[2, 2], [2, 2], [2, 2]]),
        lambda: intraclass_correlation([[183.3, 83.3], [183.3, 83.3], [183.3, 83.3]]),
        lambda: limits_of_agreement([1, 2, 3], [1, 2]),
        lambda: limits_of_agreement([1, 2, 0], [1, 2, 3], as_ratio=True),
        lambda: repeatability([[1], [2], [3]]),
        lambda: cohens_kappa([], []),
    ],
)
def test_what_cannot_be_computed_is_refused_in_words(asked) -> None:
    with pytest.raises(Refused) as refused:
        asked()
    assert str(refused.value).endswith(".")
