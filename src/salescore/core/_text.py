"""What people read, in each language the field works in."""

from __future__ import annotations

from attrs import frozen

from salescore.core._columns import one_of
from salescore.typing import Language

__all__ = ["Text"]


@frozen
class Text:
    """A label, question or remark in English and Chinese.

    Parameters
    ----------
    en : str
        English.
    zh : str, optional
        Chinese; where it is empty the English stands in.

    Examples
    --------
    >>> Text("Loyalty", "忠诚度").to("zh")
    '忠诚度'
    >>> str(Text("Loyalty", "忠诚度"))
    'Loyalty'
    """

    en: str
    zh: str = ""

    def to(self, language: Language) -> str:
        """Give the text in one language.

        Parameters
        ----------
        language : {"en", "zh"}
            The reader's language.

        Returns
        -------
        str
            The English text where the Chinese one is empty.

        Raises
        ------
        SalescoreError
            For any other language.
        """
        one_of(language, "language", ("en", "zh"))
        return (self.zh if language == "zh" else "") or self.en

    def __str__(self) -> str:
        return self.en
