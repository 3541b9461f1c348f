"""Feedback: what do customers say, in their own words?"""

from journey.present import ui

page = ui.Page("feedback", "What customers say, in their own words")
page.kpis(
    [
        "feedback/unhappy_comments",
        "feedback/commented_answers",
        "feedback/comments_with_a_theme",
        "feedback/mood_agreement",
    ]
)
voice = ui.Voice(page)
voice.themes()
page.row(["feedback/theme_mentions", "feedback/unhappy_by_theme"])
page.row(["feedback/unhappy_comments", "feedback/unhappy_by_stage"])
voice.comments()
voice.found()
voice.sure()
page.rest()
