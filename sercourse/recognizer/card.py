"""The model card: what a recognizer is for, what it must not be used for, and how good it is on strangers.

Source: Mitchell M et al. (2019) Model cards for model reporting. Proc. FAT*, 220-229.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sercourse.recognizer.bundle import Bundle

INTENDED = (
    "Teaching: to show what a small network hears in acted speech, how sure it is, and where it fails.",
    "One's own voice, with the speaker's consent, on the speaker's own machine.",
)
"""What a bundle of the course is made for."""

FORBIDDEN = (
    "To infer emotions of people at work or in education. In the European Union this is prohibited, but for "
    "medical and safety reasons: Regulation (EU) 2024/1689, Article 5(1)(f).",
    "To decide anything about a person: hiring, grades, credit, insurance, policing, borders, health.",
    "To listen to anyone who does not know it and has not agreed. Article 50(3) asks to inform whoever is "
    "exposed to such a system.",
    "To tell what somebody feels. It was trained on what actors were asked to show.",
)
"""What it must not be used for."""

LIMITS = (
    "The emotions are acted, the sentences are few, and the recordings are clean. In a room, by telephone or "
    "in another language it does worse, and nothing here says by how much.",
    'It must pick among its own emotions. What is none of them is called one of them, or "not sure".',
    "The speech check refuses silence, hiss, hums, held chords, clicks and beeps. A melody or a singing "
    "voice may pass as speech.",
    "Probabilities are scaled on validation speakers of its own corpus. Elsewhere they are too high.",
)
"""What holds for every bundle of the course."""


def model_card(bundle: "Bundle") -> str:
    """Write the model card of a bundle, as Markdown, from what is in it.

    Parameters
    ----------
    bundle : Bundle

    Returns
    -------
    str
    """
    spoken = "synthetic speech: no person speaks in it" if bundle.synthetic else "acted speech of people"
    parts = [
        f"# Model card: {bundle.network} on {bundle.corpus}",
        f"A network that names one of {len(bundle.classes)} emotions ({', '.join(bundle.classes)}) for "
        f'{bundle.recipe.seconds:g} s of speech, or says "not speech", "too short" or "not sure".',
        _listed("Intended use", INTENDED),
        _listed("It must not be used", FORBIDDEN),
        _listed("Limits", LIMITS),
        _listed("Training", _training(bundle, spoken)),
        _listed("Measured on unseen speakers", _measured(bundle)),
        _by_group(bundle),
        _coverage(bundle),
        _listed("What the leakage auditor notes", bundle.results.get("audit", [])),
        _listed("Versions", [f"{name} {version}" for name, version in bundle.versions.items()]),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def headline(bundle: "Bundle") -> str:
    """Say in a line how good a bundle is on speakers that it has not heard."""
    results, interval = bundle.results, bundle.results["interval"]
    spread = f" [{interval[0]:.3f}, {interval[1]:.3f}]" if interval else ""
    made = " (synthetic)" if bundle.synthetic else ""
    return (
        f"{bundle.network} on {bundle.corpus}{made}: UAR {results['uar']:.3f}{spread} on "
        f"{results['n_speakers']} unseen speakers, chance {results['chance']:.3f}"
    )


def _listed(title: str, lines) -> str:
    return "\n".join([f"## {title}", "", *(f"- {line}" for line in lines)]) if lines else ""


def _training(bundle: "Bundle", spoken: str) -> list[str]:
    settings = ", ".join(f"{name} {value}" for name, value in bundle.settings.items())
    names = {"train": "trained", "validation": "validated", "test": "tested"}
    speakers = [
        f"{len(bundle.split[key])} speakers {word}: {', '.join(bundle.split[key])}."
        for key, word in names.items()
    ]
    limits = bundle.thresholds
    stopped = "stopped the training and " if "patience" in bundle.settings else ""
    return [
        f"Corpus: {bundle.corpus}, {spoken}.",
        f"Features: {bundle.recipe}.",
        *speakers,
        f"Validation speakers {stopped}chose the temperature and the thresholds. "
        "Test speakers had no part in it.",
        f"Settings: {settings}.",
        f"Temperature {bundle.temperature:.2f}. An emotion is named from a probability of {limits.sure:.2f} "
        f"on. That limit was chosen for {100 * limits.precision:g} % right answers on validation speakers, "
        "or as near to that as any limit came.",
        f"Made on {bundle.date}.",
    ]


def _measured(bundle: "Bundle") -> list[str]:
    results = bundle.results
    if not results:
        return ["Nothing was measured. Do not use it."]
    interval = results["interval"]
    spread = (
        f"95 % interval over speakers {interval[0]:.3f} to {interval[1]:.3f}"
        if interval
        else "too few speakers for an interval"
    )
    few = ", too narrow for so few" if interval and results["n_speakers"] < 10 else ""
    lines = [
        f"{results['n']} recordings of {results['n_speakers']} speakers"
        f"{', synthetic' if bundle.synthetic else ''}.",
        f"UAR {results['uar']:.3f} ({spread}{few}); chance is {results['chance']:.3f}.",
        f"An emotion was named in {100 * results['answered']:.0f} % of cases"
        + (f"; {100 * results['right_if_sure']:.0f} % of these are right." if results["answered"] else "."),
        "Verdicts: " + ", ".join(f"{name} {count}" for name, count in results["verdicts"].items()) + ".",
        "Made noises refused: "
        + ", ".join(f"{kind} {100 * share:.0f} %" for kind, share in results["noises"].items())
        + ".",
    ]
    if "brier" in results:
        lines.append(f"Brier score {results['brier']:.3f}, log loss {results['log_loss']:.3f}.")
    return lines


def _by_group(bundle: "Bundle") -> str:
    if not bundle.results:
        return ""
    titles = {"by_sex": "UAR by sex", "by_speaker": "UAR by speaker", "recall": "Recall by emotion"}
    rows = [
        f"| {title} | {', '.join(f'{name} {score:.2f}' for name, score in bundle.results[key].items())} |"
        for key, title in titles.items()
        if bundle.results[key]
    ]
    return "\n".join(["## Differences between groups", "", "| what | scores |", "|---|---|", *rows])


def _coverage(bundle: "Bundle") -> str:
    if "coverage" not in bundle.results:
        return ""
    rows = [
        f"| {row['threshold']:.2f} | {row['coverage']:.2f} | "
        + ("none" if row["accuracy"] is None else f"{row['accuracy']:.2f}")
        + " |"
        for row in bundle.results["coverage"]
    ]
    head = "| probability from | share answered | right among these |"
    return "\n".join(["## Coverage against accuracy", "", head, "|---|---|---|", *rows])
