"""Several at once: as many as asked, none twice in a round, and what waits for a slow server holds nothing else up."""

import threading
import time
from collections.abc import Callable

from creatorbot.announcements.sending.together import Task, together


class Crowd:
    """Counts who is inside."""

    def __init__(self) -> None:
        self.inside, self.most, self.done = 0, 0, []
        self.lock = threading.Lock()

    def act(self, number: int, seconds: float = 0.02) -> bool:
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        time.sleep(seconds)
        with self.lock:
            self.inside -= 1
            self.done.append(number)
        return True


def test_each_once_and_as_many_at_once_as_asked() -> None:
    crowd = Crowd()
    tasks = [Task(("send", number), number % 3, lambda number=number: crowd.act(number)) for number in range(40)]  # type: ignore[misc]

    def find() -> list[Task]:
        return [task for task in tasks if task.key[1] not in crowd.done]

    assert together(4, find) == 40
    assert sorted(crowd.done) == list(range(40))
    assert crowd.most == 4


def test_what_did_nothing_is_not_tried_again_in_the_same_round() -> None:
    tried: list[int] = []

    def nothing() -> bool:
        tried.append(1)
        return False

    assert together(2, lambda: [Task(("send", 1), 0, nothing)]) == 0
    assert tried == [1]


def test_what_comes_meanwhile_is_taken_up() -> None:
    crowd = Crowd()
    tasks = [Task(("send", 0), 0, lambda: crowd.act(0, 1.2)), Task(("send", 1), 1, lambda: crowd.act(1))]

    def find() -> list[Task]:
        return [task for task in tasks[: 2 if crowd.inside else 1] if task.key[1] not in crowd.done]

    assert together(2, find) == 2
    assert crowd.done == [1, 0]


def test_a_slow_server_does_not_hold_the_others_up() -> None:
    crowd, free = Crowd(), threading.Event()

    def hang() -> bool:
        free.wait(30)
        return False

    slow = [Task(("send", number), "slow", hang) for number in range(4)]
    quick = [Task(("send", number), "quick", lambda number=number: crowd.act(number)) for number in range(4, 12)]  # type: ignore[misc]
    runner = threading.Thread(target=lambda: together(2, lambda: slow + [task for task in quick if task.key[1] not in crowd.done]))
    runner.start()
    ends = time.monotonic() + 20
    while len(crowd.done) < len(quick) and time.monotonic() < ends:
        time.sleep(0.05)
    assert sorted(crowd.done) == list(range(4, 12))
    free.set()
    runner.join(30)


def test_ones_trouble_is_not_anothers() -> None:
    crowd = Crowd()

    def fall() -> bool:
        raise RuntimeError("this one breaks")

    tasks = [Task(("send", 0), 0, fall), Task(("send", 1), 0, lambda: crowd.act(1))]
    assert together(2, lambda: [task for task in tasks if task.key[1] not in crowd.done]) == 1
    assert crowd.done == [1]


def test_what_was_made_ready_is_done_even_when_the_rest_breaks() -> None:
    crowd, times = Crowd(), []

    def ready(tasks: object) -> list[Task]:
        times.append(tasks)
        if len(times) > 1:
            raise RuntimeError("the database is away")
        return list(tasks)  # type: ignore[call-overload, no-any-return]

    tasks = [Task(("send", number), 0, lambda number=number: crowd.act(number, 0.2)) for number in range(8)]  # type: ignore[misc]
    try:
        together(4, lambda: tasks, ready)
    except RuntimeError:
        pass
    ends = time.monotonic() + 10
    while len(crowd.done) < 4 and time.monotonic() < ends:
        time.sleep(0.05)
    assert sorted(crowd.done) == [0, 1, 2, 3]


def test_what_is_left_after_the_call_takes_nobodys_turn() -> None:
    crowd, free = Crowd(), threading.Event()

    def left(number: int) -> bool:
        free.wait(10)
        return True

    def act(number: int) -> Callable[[], bool]:
        crowd.act(number)
        return lambda: left(number)

    tasks = [Task(("send", number), 0, lambda number=number: act(number)) for number in range(6)]  # type: ignore[misc]
    runner = threading.Thread(target=lambda: together(2, lambda: [task for task in tasks if task.key[1] not in crowd.done]))
    runner.start()
    ends = time.monotonic() + 20
    while len(crowd.done) < len(tasks) and time.monotonic() < ends:
        time.sleep(0.01)
    assert (sorted(crowd.done), crowd.most, free.is_set()) == (list(range(6)), 2, False)
    free.set()
    runner.join(30)
    assert not runner.is_alive()


def test_the_round_ends_only_when_a_last_look_finds_nothing() -> None:
    crowd = Crowd()
    tasks = [Task(("send", number), 0, lambda number=number: crowd.act(number)) for number in range(3)]  # type: ignore[misc]

    def find() -> list[Task]:
        return tasks[len(crowd.done) : len(crowd.done) + 1]  # each shows only when the one before it is done, as in a thread of posts

    assert together(4, find) == 3
