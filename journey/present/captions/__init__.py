"""What a card's chart shows in its data, in one plain sentence made from a template.

A sentence names the largest, the change or the trend, with n and how sure it is. It calls two
values apart only where the interval of their difference leaves out zero, widened for the number of
pairs it was picked from; what only looks apart is said to be within chance.
"""

from journey.present.captions.sentence import caption

__all__ = ["caption"]
