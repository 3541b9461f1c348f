"""Clicks that a linked ad platform describes itself: its words come before source and medium.

Source: support.google.com/analytics/answer/9756891, the tables for Google Ads, Display & Video
360 and Search Ads 360; the last one's list of engines may be incomplete.
"""

PROPERTIES = {
    "google_ads": "google_ads_network_type",
    "dv360": "dv360_creative_format",
    "sa360": "sa360_engine_account_type",
}
"""Platform to the key in an event's `properties` that holds its word."""

CHANNELS = {
    "google_ads": {
        "Paid Search": ("Google Search", "Google Partners"),
        "Paid Video": ("YouTube Search", "YouTube Videos"),
        "Display": ("Google Display Network",),
        "Cross-network": ("Cross-network",),
        "Paid Social": ("Social",),
    },
    "dv360": {
        "Display": (
            "Standard", "Expandable", "Native site square", "Backdrop",
            "Templated app install interstitial", "Deprecated", "Native app install",
            "Native app install square", "Native site", "Templated app install", "Lightbox",
        ),
        "Paid Video": ("Native video", "Video", "Templated app install video", "Flipbook"),
        "Audio": ("Audio",),
        "Paid Other": ("Publisher hosted", "Tracking", "Unknown"),
    },
    "sa360": {
        "Paid Search": (
            "bing", "yahoo gemini", "yahoo.jp", "baidu", "admarketplace", "naver", "360.cn",
            "yandex",
        ),
        "Paid Social": ("facebook", "twitter"),
    },
}  # fmt: skip
"""Platform to channel to the platform's own words for where an ad was shown."""

_KNOWN = {
    f"{platform}:{word}".lower(): channel
    for platform, channels in CHANNELS.items()
    for channel, words in channels.items()
    for word in words
}


def channel_of(placement: str | None) -> str | None:
    """The channel that a platform's word stands for; None where there is none.

    >>> channel_of("google_ads:youtube videos"), channel_of("google_ads:Maps"), channel_of(None)
    ('Paid Video', None, None)
    """
    return _KNOWN.get((placement or "").strip().lower())
