#!/bin/sh
# Find Chromium for the browser tests; where it is missing and may be installed, install it.
# Where it cannot be, say so: those tests are then skipped with the reason.
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null 2>&1; then
        exit 0
    fi
done
if [ -n "$JOURNEY_CHROMIUM" ] && [ -x "$JOURNEY_CHROMIUM" ]; then
    exit 0
fi
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing Chromium for the browser tests ..."
    if apt-get update -qq >/dev/null 2>&1 && apt-get install -y -qq chromium >/dev/null 2>&1; then
        exit 0
    fi
fi
if .venv/bin/python -m playwright install chromium >/dev/null 2>&1; then
    exit 0
fi
echo "Could not install Chromium, so the browser tests will be skipped. Install it yourself"
echo "(for example: sudo apt-get install chromium), or name one in JOURNEY_CHROMIUM."
