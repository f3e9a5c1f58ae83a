"""Crawler operators who publish their ranges, and what their user agents call themselves.

Anyone can write "Googlebot" into a user agent; a crawler is verified where the address lies in the ranges
of the operator that the user agent claims. Operators that publish no ranges (Baidu, Sogou, 360, ByteDance)
can only be verified by reverse DNS, which needs the network: their crawlers stay unverified bots.
"""

from typing import Final

CRAWLER_OPERATORS: Final = (
    "",  # nobody
    "google",
    "bing",
    "duckduckgo",
    "openai",
    "perplexity",
    "facebook",
    "apple",
    "yandex",
    "anthropic",
    "mistral",
    "amazon",
    "ahrefs",
    "commoncrawl",
    "telegram",
    "twitter",
    "seznam",
    "qwant",
)
"""Rows hold an index into this tuple: append, never reorder."""

_TOKENS: Final = {
    "googlebot": "google",
    "google-inspectiontool": "google",
    "googleother": "google",
    "storebot-google": "google",
    "adsbot-google": "google",
    "mediapartners-google": "google",
    "bingbot": "bing",
    "adidxbot": "bing",
    "duckduckbot": "duckduckgo",
    "duckassistbot": "duckduckgo",
    "gptbot": "openai",
    "oai-searchbot": "openai",
    "chatgpt-user": "openai",
    "perplexitybot": "perplexity",
    "perplexity-user": "perplexity",
    "facebookexternalhit": "facebook",
    "facebot": "facebook",
    "meta-externalagent": "facebook",
    "applebot": "apple",
    "yandexbot": "yandex",
    "yandeximages": "yandex",
    "claudebot": "anthropic",
    "mistralai-user": "mistral",
    "amazonbot": "amazon",
    "amzn-searchbot": "amazon",
    "amzn-user": "amazon",
    "ahrefsbot": "ahrefs",
    "ccbot": "commoncrawl",
    "telegrambot": "telegram",
    "twitterbot": "twitter",
    "seznambot": "seznam",
    "qwantbot": "qwant",
}


def claimed_operator(user_agent: str) -> int:
    """Return whose crawler the lower-case user agent says it is: an index, 0 for nobody's.

    Where it names several (Telegram's says "like TwitterBot"), the one named first counts.
    """
    found = [(user_agent.find(token), operator) for token, operator in _TOKENS.items() if token in user_agent]
    return CRAWLER_OPERATORS.index(min(found)[1]) if found else 0
