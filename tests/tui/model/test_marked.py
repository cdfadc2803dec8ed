"""Marks: by ref, in order, once each."""

from tui.model.marked import Marked


def test_marks_are_kept_in_order_and_once() -> None:
    marks = Marked()
    assert marks.toggle("b")
    marks.add(["a", "b", "c"])
    assert marks.refs == tuple(marks) == ("b", "a", "c")
    assert not marks.toggle("a")
    marks.remove(["c", "never"])
    assert ("a" in marks, "b" in marks, len(marks)) == (False, True, 1)
    marks.clear()
    assert not marks
