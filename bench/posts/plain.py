"""The plain loop that ours is measured beside: Mastodon.py, so many threads, one client for each account. `plain.py PORT THREADS`.

A line of input, ACCOUNTS POSTS, lets it begin; it answers with the seconds it took.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

from mastodon import Mastodon


def client(port: int, number: int) -> Mastodon:
    """One account's."""
    made = Mastodon(
        api_base_url=f"http://127.0.0.1:{port}", version_check_mode="created", mastodon_version="4.4.0", ratelimit_method="throw"
    )
    made.access_token = f"permission-{number}"
    return made


def main() -> None:
    """Wait for the word, post, tell."""
    port, threads = int(sys.argv[1]), int(sys.argv[2])
    print("ready", flush=True)
    for line in sys.stdin:
        accounts, posts = (int(word) for word in line.split())
        clients = [client(port, number) for number in range(1, accounts + 1)]
        began = time.perf_counter()
        with ThreadPoolExecutor(threads) as pool:
            for one in [
                pool.submit(clients[number % accounts].status_post, f"Plain {number}\nhttp://127.0.0.1:8080/l/plain{number}")
                for number in range(posts)
            ]:
                one.result()
        print(time.perf_counter() - began, flush=True)


if __name__ == "__main__":
    main()
