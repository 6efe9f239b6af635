"""Whose turn it is: each group one at a time and never too soon, nobody forgotten, and no group waits for another."""

from hypothesis import given
from hypothesis import strategies as st

from creatorbot.security.turns import Turns

GAP = 3.0
steps = st.lists(st.one_of(st.tuples(st.just("add"), st.sampled_from("abcd")), st.tuples(st.just("pass"), st.floats(0, 5))), max_size=80)


@given(steps, st.floats(0, 4))
def test_every_thing_gets_its_turn_once_in_order_and_never_too_soon(steps: list[tuple[str, object]], lasts: float) -> None:
    turns: Turns[tuple[str, int]] = Turns(GAP)
    now, added, done, busy, free = 0.0, list[tuple[str, int]](), list[tuple[str, int]](), dict[str, float](), dict[str, float]()

    def work() -> None:
        for group, until in list(busy.items()):
            if until <= now:
                turns.done(group, now)
                free[group] = now + GAP
                del busy[group]
        while (thing := turns.next(now)) is not None:
            assert thing[0] not in busy
            assert now >= free.get(thing[0], 0)
            busy[thing[0]] = now + lasts
            done.append(thing)

    for what, value in steps:
        if what == "add":
            added.append((str(value), len(added)))
            turns.add(str(value), added[-1], now)
        else:
            now += float(str(value))
        work()
    for _ in range(4 * len(added) + 4):
        assert len(turns) == len(added) - len(done)
        wait = turns.wait(now)
        now += max(wait or 0, lasts, 0.01)
        work()
    assert sorted(done) == sorted(added)
    for group in "abcd":
        assert [thing for thing in done if thing[0] == group] == [thing for thing in added if thing[0] == group]


def test_a_group_with_much_to_do_does_not_hold_up_another() -> None:
    turns: Turns[str] = Turns(GAP)
    for number in range(100):
        turns.add("crowded", f"crowded {number}", 0)
    turns.add("lonely", "lonely", 0)
    assert [turns.next(0), turns.next(0), turns.next(0)] == ["crowded 0", "lonely", None]


def test_a_pause_of_its_own_and_what_is_cleared_is_forgotten() -> None:
    turns: Turns[str] = Turns(GAP)
    turns.add("shop", "one", 0)
    turns.add("shop", "two", 0)
    assert turns.next(0) == "one"
    turns.done("shop", 0, 10)
    assert (turns.next(9.9), turns.wait(4)) == (None, 6)
    assert turns.clear() == ["two"]
    assert (turns.next(20), len(turns), turns.wait(20)) == (None, 0, None)
    turns.add("shop", "three", 20)
    assert turns.next(20) == "three"
