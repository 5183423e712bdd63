"""`llms.txt` names every dataset."""

from stacks_dataverse import catalog
from stacks_dataverse.public.llms import llms
from stacks_dataverse.public_files import files_of
from tests.unit.public.declared import OBJECTS, SUPPLIES

PUBLIC = [obj for obj in catalog.OBJECTS if not obj.private]


def test_the_text_names_every_dataset_once() -> None:
    text = llms(catalog.OBJECTS)
    assert text.startswith("# Stacks Dataverse\n\n> ")
    assert [obj.name for obj in PUBLIC if text.count(f"]({files_of(obj)[0].key()})") != 1] == []
    assert "sanity_check" not in text
    assert f"- [{SUPPLIES.title}](v1/supplies/latest.json.gz): Supplies." in llms(OBJECTS)
