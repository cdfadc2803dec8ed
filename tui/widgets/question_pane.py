"""A question in SQL with its answer. It keeps its cursors, and what is in sight, while another one is in front."""

from typing import ClassVar

from textual.containers import Vertical
from textual.widgets import TextArea

from tui.model.questions import Question
from tui.model.sql_text import told
from tui.model.symbols import Symbols
from tui.widgets.result_table import ResultTable


class QuestionEditor(TextArea, inherit_bindings=False):
    """Leaves the function keys to those who lead elsewhere by them."""

    BINDINGS: ClassVar = [one for one in TextArea.BINDINGS if getattr(one, "key", "") not in ("f6", "f7")]


class QuestionPane(Vertical):
    """The editor above, the answer below."""

    def __init__(self, question: Question, symbols: Symbols) -> None:
        self.question = question
        self.editor = QuestionEditor(
            question.text, id="question", tab_behavior="focus", show_line_numbers=False, theme="css"
        )
        self.result = ResultTable(symbols)
        self._symbols = symbols
        self.editor.border_title = " Question "
        self.result.border_title = " Answer "
        super().__init__(self.editor, self.result, id=name_of(question))

    def show_answer(self, now: float) -> None:
        """The answer that came."""
        if self.question.result is not None:
            self.result.show(self.question.result)
            self.tell_age(now)

    def tell_age(self, now: float) -> None:
        """How much the answer holds, and how old its data are by now."""
        if self.question.result is not None:
            words = told(self.question.result, self.question.age(now), self._symbols)
            self.result.border_title = f" {words} "


def name_of(question: Question) -> str:
    """A name that no other open question has."""
    return f"question-{id(question)}"
