"""The journal: whole lines, one writer a file, nothing lost when a file turns or the disk is full."""

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from creatorbot.links.journal import QUIET_S, Journal, read_lines, remove_if_done, segments, size_of

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def test_lines_come_back_in_order_and_a_torn_one_waits(tmp_path: Path) -> None:
    path = tmp_path / "visits-1.jsonl"
    path.write_bytes(b"one\ntwo\nthr")
    assert read_lines(path, 0, 10) == ([b"one", b"two"], 8)
    assert read_lines(path, 0, 1) == ([b"one"], 4)
    with path.open("ab") as file:
        file.write(b"ee\n")
    assert read_lines(path, 8, 10) == ([b"three"], 14)
    assert read_lines(path, 14, 10) == ([], 14)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.text(alphabet='abc é"', max_size=6), max_size=20),
    cuts=st.lists(st.integers(0, 150), max_size=6),
    most=st.integers(1, 4),
)
def test_however_the_writing_is_cut_each_line_is_read_once(tmp_path: Path, texts: list[str], cuts: list[int], most: int) -> None:
    whole = b"".join(text.encode() + b"\n" for text in texts)
    path = tmp_path / "visits-1.jsonl"
    path.write_bytes(b"")
    offset, got = 0, []
    for upto in [*sorted(cuts), len(whole)]:
        path.write_bytes(whole[:upto])
        lines, offset = read_lines(path, offset, most)
        got += lines
    while lines:
        lines, offset = read_lines(path, offset, most)
        got += lines
    assert got == [text.encode() for text in texts]


def test_a_full_file_turns_and_no_line_is_lost_between_threads(tmp_path: Path) -> None:
    journal = Journal(tmp_path, largest=2_000)

    def write(name: int) -> None:
        for number in range(300):
            journal.append(b"%d-%d\n" % (name, number), NOW)

    threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    files = segments(tmp_path)
    lines = [line for path in files for line in path.read_bytes().splitlines()]
    assert sorted(lines) == sorted(b"%d-%d" % (name, number) for name in range(4) for number in range(300))
    assert len(files) > 1
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in files)


def test_when_the_disk_refuses_the_visits_are_counted_as_dropped_until_it_takes_them_again(tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    folder.write_text("a file where the folder should be")
    journal = Journal(folder)
    assert not journal.append(b"x\n", NOW)
    assert not journal.append(b"x\n", NOW)
    assert (journal.dropped, journal.failing) == (2, True)
    folder.unlink()
    assert journal.append(b"x\n", NOW)
    assert (journal.dropped, journal.failing) == (2, False)


FULL_DISK = """
import resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from creatorbot.links.journal import Journal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
journal = Journal(Path(sys.argv[1]))
for number in range(30):
    journal.append(b'{"v":1,"t":%02d' % number + b"." * 70 + b"}" + bytes([10]), datetime.now(UTC))
print(journal.dropped)
"""


def test_a_write_that_the_system_cuts_short_is_a_dropped_visit_not_a_broken_journal(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FULL_DISK, str(tmp_path)], capture_output=True, text=True, check=True, timeout=60)
    (path,) = segments(tmp_path)
    lines, offset = read_lines(path, 0, 100)
    assert len(lines) + int(done.stdout) == 30
    assert 0 < len(lines) < 30
    assert offset < path.stat().st_size, "the torn piece stays unread"


def test_the_whole_journal_has_a_limit_and_goes_on_when_it_has_been_read(tmp_path: Path) -> None:
    journal, line = Journal(tmp_path, largest=1_000, most=5_000), b"." * 99 + b"\n"
    taken = sum(journal.append(line, NOW) for _ in range(100))
    assert 50 <= taken <= 60, "up to the limit, and the piece that had been granted"
    assert journal.dropped == 100 - taken
    assert journal.failing
    assert size_of(tmp_path) == taken * 100
    for path in segments(tmp_path)[:-1]:
        path.unlink()  # as when it has been read
    assert not journal.append(line, NOW), "it looks once a second, not at each visit"
    assert journal.append(line, NOW + timedelta(seconds=2))
    assert not journal.failing


def test_the_last_of_the_disk_is_left_alone(tmp_path: Path) -> None:
    disk = os.statvfs(tmp_path)
    journal = Journal(tmp_path, floor=disk.f_blocks * disk.f_frsize + 1)
    assert not journal.append(b"x\n", NOW)
    assert (journal.dropped, journal.failing, segments(tmp_path)) == (1, True, [])


def test_a_full_file_that_is_read_goes_at_once_when_its_writer_has_turned_to_another(tmp_path: Path) -> None:
    journal, line = Journal(tmp_path), b"." * (1024 * 1024 - 1) + b"\n"
    for _ in range(17):
        journal.append(line, NOW)
    full, present = segments(tmp_path) if segments(tmp_path)[1].name == journal.segment else segments(tmp_path)[::-1]
    now = datetime.now(UTC)
    assert remove_if_done(full, 16 * 1024 * 1024, now)
    assert not remove_if_done(present, 1024 * 1024, now)


def test_a_file_is_removed_only_when_read_quiet_and_nobodys(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append(b"one\n", NOW)
    path = tmp_path / journal.segment
    later = NOW + timedelta(seconds=QUIET_S + 1)
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    assert not remove_if_done(path, 4, later), "its writer lives"
    del journal
    assert not remove_if_done(path, 0, later), "a line is unread"
    assert not remove_if_done(path, 4, NOW), "it was written a moment ago"
    assert remove_if_done(path, 4, later)
    assert not path.exists()
    assert not remove_if_done(path, 4, later)
