"""Programs that have the terminal for a while."""

import signal
import sys

import pytest

from tui.foreground import run_in_foreground

INTERRUPTS = "import os, signal, sys; os.kill(os.getppid(), signal.SIGINT); sys.exit(3)"


def test_an_interrupt_is_the_programs_own() -> None:
    before = signal.getsignal(signal.SIGINT)
    assert run_in_foreground([sys.executable, "-c", INTERRUPTS]) == 3
    assert signal.getsignal(signal.SIGINT) is before


def test_r076_arguments_are_no_shell() -> None:
    with pytest.raises(OSError, match="true; false"):
        run_in_foreground(["true; false"])
