"""The catalogue of templates."""

from __future__ import annotations

import pytest

from crystalmath import templates
from crystalmath.errors import TemplateError


def test_the_curated_templates_come_first_under_their_fixed_names() -> None:
    curated = [template.name for template in templates.all() if template.curated]
    assert curated[:5] == ["static", "relax", "double_relax", "relax_bands", "bands"]
    assert curated[-1] == "folder"
    assert len(curated) >= 16
    assert [template.name for template in templates.all()][: len(curated)] == curated


def test_names_are_unique_and_each_can_be_got() -> None:
    names = [template.name for template in templates.all()]
    assert len(names) == len(set(names)) > 90
    for template in templates.all():
        assert templates.get(template.name) == template
        assert template.title


def test_folder_is_of_a_kind_of_its_own() -> None:
    assert (templates.get("folder").kind, templates.get("static").kind) == ("folder", "flow")
    assert templates.get("static").maker == "atomate2.vasp.jobs.core:StaticMaker"


def test_an_unknown_template_is_refused() -> None:
    with pytest.raises(TemplateError, match="There is no template 'band'"):
        templates.get("band")
