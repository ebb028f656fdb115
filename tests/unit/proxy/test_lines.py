"""The lines of kernels, VS Code and shells, from what is seen of them."""

from __future__ import annotations

from sessions_proxy.activity.doors import make_code_use, make_shell_use
from sessions_proxy.activity.kernels import Kernel, make_use
from sessions_proxy.activity.uses import Use

NOW = 5000.0


def test_a_busy_kernel_is_use_now_and_is_named_by_its_notebook() -> None:
    use = make_use([Kernel("train.ipynb", busy=True, at=10.0)], NOW)
    assert use == Use("notebook", NOW, busy=True, sentence="The kernel of train.ipynb is busy.")


def test_several_busy_kernels_are_counted() -> None:
    kernels = [Kernel(name, busy=True, at=1.0) for name in ("a.ipynb", "b.ipynb")]
    use = make_use([*kernels, Kernel("c.ipynb", busy=False, at=2.0)], NOW)
    assert use is not None
    assert use.sentence == "2 kernels are busy: a.ipynb, b.ipynb."


def test_idle_kernels_count_from_the_last_that_ran_something() -> None:
    use = make_use([Kernel("a", busy=False, at=7.0), Kernel("b", busy=False, at=9.0)], NOW)
    assert use is not None
    assert (use.at, use.busy) == (9.0, False)
    assert make_use([], NOW) is None


def test_an_open_tab_of_vs_code_is_use_and_the_sentence_says_so() -> None:
    use = make_code_use(NOW - 5, (), NOW, 60.0)
    assert use is not None
    assert (use.at, use.busy) == (NOW - 5, False)
    assert use.sentence == "VS Code is open in a browser; an open tab counts as use."


def test_a_closed_vs_code_counts_from_when_it_was_last_open() -> None:
    use = make_code_use(NOW - 500, (), NOW, 60.0)
    assert use is not None
    assert (use.at, use.sentence) == (NOW - 500, "VS Code was open in a browser.")
    assert make_code_use(None, (), NOW, 60.0) is None


def test_a_program_in_a_terminal_of_vs_code_is_busy_without_a_browser() -> None:
    use = make_code_use(NOW - 500, ("python3",), NOW, 60.0)
    assert use == Use("code", NOW, busy=True, sentence="python3 runs in a terminal of VS Code.")


def test_foreground_jobs_of_shells_are_busy_and_named() -> None:
    use = make_shell_use(None, ("make", "vim"), None, NOW)
    assert use == Use("shell", NOW, busy=True, sentence="make, vim run in a shell.")


def test_the_later_of_typing_and_opening_counts() -> None:
    opened = Use("shell", NOW - 10, busy=False, sentence="The shell's page was opened.")
    assert make_shell_use(NOW - 20, (), opened, NOW) == opened
    typed = make_shell_use(NOW - 5, (), opened, NOW)
    assert typed is not None
    assert (typed.at, typed.sentence) == (NOW - 5, "Somebody typed in a shell.")
