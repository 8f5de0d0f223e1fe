"""The life of the process: it ends with the supervisor that started it, and loses little when it is killed."""

import os
import signal
import threading
import time

# MiniStack saves at an orderly end only; this bounds what a crash can lose.
SAVE_EVERY_S = 10
# Longest orderly end after the supervisor is gone.
GRACE_S = 20


def end_with_parent():
    """Ends the process when standard input, a pipe that the supervisor holds and never writes to, is closed."""

    def wait():
        # Not through sys.stdin: its lock, held while reading, would abort the interpreter at its end.
        while os.read(0, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE_S)
        os._exit(1)

    threading.Thread(target=wait, name="parent-watch", daemon=True).start()


def save_regularly():
    """Writes the state to disk now and then. A service that changes meanwhile is skipped and written the next time."""

    def save():
        from ministack import app

        while True:
            time.sleep(SAVE_EVERY_S)
            app.save_all(app._build_persistence_save_dict())

    threading.Thread(target=save, name="state-saver", daemon=True).start()
