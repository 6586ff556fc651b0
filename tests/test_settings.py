"""Where corpora are looked for, and where is written."""

import os

from platformdirs import user_data_path

from sercourse import settings


def test_named_folders_come_first_and_the_users_own_last(monkeypatch, tmp_path):
    monkeypatch.setenv("SERCOURSE_DATA", os.pathsep.join([str(tmp_path / "a"), "", str(tmp_path / "b")]))
    monkeypatch.setenv("SERCOURSE_HOME", str(tmp_path / "home"))
    assert settings.data_folders() == [tmp_path / "a", tmp_path / "b", tmp_path / "home"]


def test_without_a_word_it_is_the_platforms_folder_and_the_demo(monkeypatch):
    for name in ("SERCOURSE_DATA", "SERCOURSE_HOME", "SERCOURSE_CORPUS"):
        monkeypatch.delenv(name, raising=False)
    assert settings.data_folders() == [user_data_path("sercourse", appauthor=False)]
    assert settings.corpus() == "demo"


def test_folders_are_absolute_and_may_start_at_home(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SERCOURSE_DATA", os.pathsep.join(["data", "~/corpora"]))
    assert settings.data_folders()[0] == tmp_path / "data"
    assert settings.data_folders()[1] == settings.Path.home() / "corpora"


def test_another_process_gets_the_same_settings(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SERCOURSE_DATA", os.pathsep.join(["one", "two"]))
    here = settings.data_folders()
    for name, value in settings.as_environment("ravdess").items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir("/")
    assert settings.data_folders() == here
    assert settings.corpus() == "ravdess"
