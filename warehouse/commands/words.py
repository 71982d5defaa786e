"""`words`: the words that prompts for new pictures may not hold."""

from typing import Annotated

import typer

from warehouse.commands.console import readable_warehouse, say, say_json, writable_warehouse

app = typer.Typer(
    help="Words and phrases that prompts for new pictures may not hold. They are found as whole "
    "words, whatever their case and accents; negative prompts are not checked.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON instead.")]
Words = Annotated[list[str], typer.Argument(help="Words; a phrase stands in quotes.")]


@app.command("list")
def list_words(json: Json = False) -> None:
    """Every blocked word with who added it; `default` are those that Gemboard comes with.

    python -m warehouse words list --json
    """
    from warehouse.generation.word_list import blocked_words

    with readable_warehouse() as warehouse:
        found = blocked_words(warehouse)
    if json:
        say_json([vars(each) for each in found])
        return
    for each in found:
        say(f"{each.word}  ({each.person_id})")
    if not found:
        say("The list is empty: every prompt is taken. `words add WORD` blocks a word.")


@app.command("add")
def add(words: Words, json: Json = False) -> None:
    """Block words: pictures whose prompt holds one are no longer made.

    python -m warehouse words add gore "severed head"
    """
    from warehouse.generation.word_list import add_words

    with writable_warehouse() as warehouse:
        added = add_words(warehouse, words)
    if json:
        say_json({"added": added})
    elif added:
        say(f"Blocked: {', '.join(added)}.")
    else:
        say("Nothing changed: all of these are blocked already.")


@app.command("remove")
def remove(words: Words, json: Json = False) -> None:
    """Allow words again, those of the default list too.

    python -m warehouse words remove gore
    """
    from warehouse.generation.word_list import remove_words

    with writable_warehouse() as warehouse:
        removed = remove_words(warehouse, words)
    if json:
        say_json({"removed": removed})
    else:
        say(f"Allowed again: {', '.join(removed)}.")
