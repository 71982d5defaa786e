"""Words for what a change of rank is."""


def move(was: int, now: int, top: int) -> tuple[str, str]:
    """What kind of move it is, and what to say of it."""
    if not 0 < was <= top:
        return "entered", place_words("from", was)
    if not 0 < now <= top:
        return "left", place_words("to", now)
    if now == was:
        return "same", ""
    return ("up", f"▲ {was - now}") if now < was else ("down", f"▼ {now - was}")


def place_words(word: str, rank: int) -> str:
    """Where a model or picture came from or went; rank 0 is none."""
    return f"{word} {rank}" if rank else "no score"
