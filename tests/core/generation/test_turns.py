"""Turns on a device: nobody waits behind another person's thousand pictures."""

from itertools import pairwise

from core.generation.turns import QUANTUM_S, Turns, Waiting


def served(turns, waiting, count, each_s=1.0, start_s=0.0):
    """Whose batches are made when everybody has more of them than can be made."""
    return [turns.next("cpu", waiting, start_s + i * each_s).person_id for i in range(count)]


ANN = Waiting("job a", "ann", 1.0, "weights 1")
BEN = Waiting("job b", "ben", 2.0, "weights 2")


def test_nobody_waits_and_nothing_is_chosen():
    assert Turns().next("cpu", [], 0.0) is None


def test_two_people_get_equal_shares_in_turns_of_a_quantum():
    order = served(Turns(), [ANN, BEN], 64)
    assert order.count("ann") == order.count("ben") == 32
    changes = sum(a != b for a, b in pairwise(order))
    assert changes == 64 / QUANTUM_S - 1


def test_a_turn_ends_with_its_weights():
    turns = Turns()
    assert turns.next("cpu", [ANN, BEN], 0.0) == ANN
    later = Waiting("job a", "ann", 1.0, "weights 9")
    assert turns.next("cpu", [later, BEN], 1.0) == BEN


def test_who_is_alone_goes_on():
    assert served(Turns(), [ANN], 3, each_s=100.0) == ["ann"] * 3


def test_of_one_person_the_oldest_job_comes_first():
    older = Waiting("job z", "ann", 0.5, "weights 3")
    assert Turns().next("cpu", [ANN, older], 0.0) == older


def test_who_comes_new_is_served_before_who_was_served():
    turns = Turns()
    turns.next("cpu", [ANN], 0.0)
    assert turns.next("cpu", [ANN, BEN], QUANTUM_S) == BEN


def test_devices_have_turns_of_their_own():
    turns = Turns()
    assert turns.next("cuda:0", [ANN, BEN], 0.0) == ANN
    assert turns.next("cuda:1", [ANN, BEN], 0.1) == BEN
