//! The conflict rules of `docs/lineage-rules.md`, each on the smallest lineage that shows it.

use super::*;
use crate::model::{Distillation, LicenseChange};

/// A model `m` with the exact text of `own`, which descends by `kind` from each of `bases`.
fn descends(given: Given, own: &str, kind: RelationKind, bases: &[&str]) -> Given {
    let mut given = given.model("m", WITH_LICENSE).has_text("m", own, Recognition::Exact);
    for base in bases {
        let name = format!("org/{base}");
        given = given.derives_from("m", &name).knows(&name, &[base], true);
    }
    for relation in &mut given.inventory.relations {
        relation.kind = kind;
    }
    given
}

/// The findings of lineage rules on `m`, without those on files.
#[track_caller]
fn check(given: &Given, expected: &[Rule]) {
    let findings: Vec<Rule> = messages(given).into_iter().map(|(rule, _)| rule).collect();
    assert_eq!(findings, expected);
}

fn messages(given: &Given) -> Vec<(Rule, String)> {
    let assessment = evaluate(&given.inventory, given.product.as_ref(), "tree");
    let lineage = assessment.findings.into_iter().filter(|finding| {
        finding.artifact == Some(id("m")) && finding.rule.as_str().starts_with("lineage.")
    });
    lineage.map(|finding| (finding.rule, finding.message)).collect()
}

fn change(given: &mut Given, license: &str, change: impl FnOnce(&mut LicenseTerms)) {
    change(given.inventory.terms.get_mut(&key(license)).unwrap());
}

use RelationKind::{
    AdapterOf, ConvertedFrom, DistilledFrom, FineTunedFrom, MergedFrom, QuantizedFrom,
};

#[test]
fn free_bases_conflict_with_nothing() {
    for kind in [FineTunedFrom, QuantizedFrom, ConvertedFrom, AdapterOf, MergedFrom, DistilledFrom]
    {
        check(&descends(Given::new(), "rail", kind, &["permissive"]), &[]);
    }
}

#[test]
fn restrictions_that_get_lost_are_stripped() {
    for kind in [FineTunedFrom, QuantizedFrom, AdapterOf] {
        let given = descends(Given::new(), "permissive", kind, &["rail"]);
        check(&given, &[Rule::RestrictionStripped]);
    }
    check(&descends(Given::new(), "rail", FineTunedFrom, &["rail"]), &[]);
}

#[test]
fn the_bases_text_beside_the_artifact_keeps_its_restrictions() {
    let given = descends(Given::new(), "permissive", FineTunedFrom, &["rail"]);
    let mut given = given.has_text("m", "rail", Recognition::Exact);
    // Both texts in one place: the claims stay, the restrictions travel.
    given.inventory.claims.get_mut(&id("m")).unwrap().truncate(1);
    check(&given, &[]);
}

#[test]
fn narrower_restrictions_are_weakened_or_similar() {
    let weaker = |equivalence: &str| {
        let mut given =
            Given::new().terms("narrow", "openrail-m", "free-with-flowdown", &["medical-advice"]);
        change(&mut given, "narrow", |terms| terms.restrictions[0].mental = Mental::Intent);
        let mut owed = obligation("flowdown-use-restrictions", "distribute", EvidenceClass::Semi);
        owed.params.insert("equivalence_ok".to_owned(), equivalence.to_owned());
        descends(given.owes("rail", owed), "narrow", FineTunedFrom, &["rail"])
    };
    check(&weaker("false"), &[Rule::RestrictionWeakened]);
    check(&weaker("true"), &[Rule::RestrictionSimilar]);
    let words = &messages(&weaker("false"))[0].1;
    assert!(words.contains("medical-advice ((a) against (a): only with intent)"), "{words}");
}

#[test]
fn base_terms_that_stay_are_fine_when_both_are_stated() {
    let given = descends(Given::new(), "permissive", FineTunedFrom, &["llama"]);
    check(&given, &[Rule::BaseTermsOmitted]);
    let mut both = descends(Given::new(), "permissive", FineTunedFrom, &["llama"]);
    both.inventory.claims.get_mut(&id("m")).unwrap().clear();
    let mut both = both.declares("m", &["llama", "permissive"]);
    let claim = both.inventory.claims.get_mut(&id("m")).unwrap().first_mut().unwrap();
    claim.value.expression = Some("LicenseRef-llama AND LicenseRef-permissive".to_owned());
    check(&both, &[]);
}

#[test]
fn share_alike_binds_every_derivative() {
    check(&descends(Given::new(), "permissive", FineTunedFrom, &["sa"]), &[Rule::ShareAlikeBroken]);
    check(&descends(Given::new(), "sa", FineTunedFrom, &["sa"]), &[]);
}

#[test]
fn a_non_commercial_base_limits_a_licence_that_permits_everything() {
    let given = || {
        let mut given = Given::new().terms("nc", "non-commercial", "free", &[]);
        change(&mut given, "nc", |terms| terms.grant.permitted_use = "non-commercial".to_owned());
        given
    };
    check(&descends(given(), "permissive", FineTunedFrom, &["nc"]), &[Rule::NonCommercialBase]);
    check(&descends(given(), "nc", FineTunedFrom, &["nc"]), &[]);
    let given = descends(given(), "permissive", FineTunedFrom, &["nc"]);
    let assessment = evaluate(&given.inventory, None, "tree");
    let limits = &assessment.artifacts[&id("m")].effective.use_limits;
    assert_eq!(limits.len(), 1);
    assert_eq!(limits[0].permitted_use, "non-commercial");
}

#[test]
fn copyleft_and_restrictions_have_no_licence_in_common() {
    check(
        &descends(Given::new(), "sa", MergedFrom, &["sa", "rail"]),
        &[Rule::ParentsIrreconcilable, Rule::RestrictionStripped],
    );
    check(&descends(Given::new(), "sa", MergedFrom, &["sa", "permissive"]), &[]);
    check(&descends(Given::new(), "rail", MergedFrom, &["rail", "permissive"]), &[]);
}

#[test]
fn outputs_may_be_kept_from_training_other_models() {
    let given = || {
        let mut owed = obligation("no-train-other-models", "derive", EvidenceClass::Semi);
        owed.params.insert("exempt".to_owned(), "the model and derivatives".to_owned());
        Given::new().owes("llama", owed)
    };
    let distilled = descends(given(), "permissive", DistilledFrom, &["llama"]);
    check(&distilled, &[Rule::BaseTermsOmitted, Rule::TrainsOtherModels]);
    // The same family is exempt.
    let mut exempt = descends(given(), "llama", DistilledFrom, &["llama"]);
    exempt = exempt.derives_from("m", "org/other").knows("org/other", &["llama"], true);
    check(&exempt, &[]);
    check(&descends(given(), "llama", FineTunedFrom, &["llama"]), &[]);
    // A definition that leaves models trained on outputs out does not lift the prohibition.
    let mut excluded = given();
    change(&mut excluded, "llama", |terms| {
        terms.grant.distillation = Distillation::OutputsExcluded;
    });
    let excluded = descends(excluded, "permissive", DistilledFrom, &["llama"]);
    check(&excluded, &[Rule::TrainsOtherModels]);
}

#[test]
fn a_definition_decides_whether_a_distilled_model_is_a_derivative() {
    let expression = |distillation| {
        let mut given = Given::new();
        change(&mut given, "rail", |terms| terms.grant.distillation = distillation);
        let given = descends(given, "rail2", DistilledFrom, &["rail"]);
        let given = given.terms("rail2", "openrail-m", "free-with-flowdown", &["medical-advice"]);
        let effective =
            evaluate(&given.inventory, None, "tree").artifacts[&id("m")].effective.clone();
        (effective.expression, effective.licenses.len(), effective.not_reached.len())
    };
    let both = "LicenseRef-rail AND LicenseRef-rail2".to_owned();
    assert_eq!(expression(Distillation::Reached), (Some(both), 2, 0));
    // What the text leaves open is listed, and settles nothing.
    assert_eq!(expression(Distillation::Silent), (None, 2, 0));
    let own = "LicenseRef-rail2".to_owned();
    assert_eq!(expression(Distillation::OutputsExcluded), (Some(own), 1, 1));
}

#[test]
fn a_changed_copy_of_what_may_not_be_changed_is_forbidden() {
    let given = || {
        let owed = obligation("no-modification", "modify", EvidenceClass::Mechanical);
        Given::new().terms("nd", "source-available", "none", &[]).owes("nd", owed)
    };
    for kind in [QuantizedFrom, ConvertedFrom, MergedFrom, FineTunedFrom] {
        check(&descends(given(), "permissive", kind, &["nd"]), &[Rule::DerivativeForbidden]);
    }
    check(&descends(given(), "permissive", AdapterOf, &["nd"]), &[]);
}

#[test]
fn names_follow_outputs_only_where_the_text_says_so() {
    let status = |via: &str| {
        let mut owed = obligation("model-naming", "derive", EvidenceClass::Mechanical);
        owed.params.insert("prefix".to_owned(), "Llama".to_owned());
        owed.params.insert("also_via_outputs".to_owned(), via.to_owned());
        descends(Given::new().owes("llama", owed), "permissive", DistilledFrom, &["llama"])
            .status_of("model-naming")
    };
    assert_eq!(status("yes"), ObligationStatus::Missing);
    assert_eq!(status("no"), ObligationStatus::NotEvidencable);
}

#[test]
fn the_lowest_threshold_along_the_lineage_counts() {
    let threshold = |value| Threshold {
        metric: "mau".to_owned(),
        value,
        operator: ">".to_owned(),
        window: "month".to_owned(),
        effect: "separate licence".to_owned(),
        clause: "2".to_owned(),
        exempt: None,
        currency: None,
    };
    let mut given = Given::new();
    change(&mut given, "llama", |terms| terms.thresholds.push(threshold(700)));
    change(&mut given, "rail", |terms| terms.thresholds.push(threshold(100)));
    let given = descends(given, "rail", MergedFrom, &["llama", "rail"]);
    let assessment = evaluate(&given.inventory, None, "tree");
    let thresholds = &assessment.artifacts[&id("m")].effective.thresholds;
    assert_eq!(thresholds.len(), 1);
    assert_eq!((thresholds[0].threshold.value, &thresholds[0].license), (100, &key("rail")));
}

#[test]
fn a_base_that_was_relicensed_needs_its_revision() {
    let mut given = descends(Given::new(), "rail", FineTunedFrom, &["rail"]);
    given.inventory.license_changes.insert(
        "org/rail".to_owned(),
        LicenseChange {
            record: "row".to_owned(),
            from: vec![key("rail")],
            from_words: "LicenseRef-rail".to_owned(),
            to_words: "LicenseRef-permissive".to_owned(),
            on: "2024-05-30".to_owned(),
            commit: "6280097".to_owned(),
        },
    );
    check(&given, &[Rule::VersionSkew]);
    assert!(messages(&given)[0].1.contains("until 2024-05-30 (commit `6280097`)"));
}

#[test]
fn what_a_base_may_be_is_said_as_far_as_it_is_known() {
    let given = descends(Given::new(), "permissive", FineTunedFrom, &["rail"]);
    let words = &messages(&given)[0].1;
    assert!(words.contains("(catalogue, as far as it is known)"), "{words}");
    // One of two candidates is the artifact's own: nothing is concluded.
    let mut given = given;
    given.inventory.ancestors.get_mut("org/rail").unwrap().licenses.push(key("permissive"));
    check(&given, &[]);
}

#[test]
fn an_ancestor_that_weights_come_from_too_is_no_mere_teacher() {
    let mut given = Given::new();
    change(&mut given, "rail", |terms| {
        terms.grant.distillation = Distillation::OutputsExcluded;
    });
    let mut given = descends(given, "permissive", DistilledFrom, &["rail"]);
    // `m` also descends from `n`, which was trained further from the same ancestor.
    given = given
        .model("n", WITH_LICENSE)
        .has_text("n", "rail", Recognition::Exact)
        .derives_from("n", "org/rail")
        .derives("m", RelationTarget::Here(id("n")));
    let effective = evaluate(&given.inventory, None, "tree").artifacts[&id("m")].effective.clone();
    assert_eq!(effective.expression.as_deref(), Some("LicenseRef-permissive AND LicenseRef-rail"));
    assert!(effective.not_reached.is_empty());
}

#[test]
fn names_are_compared_by_letters_and_digits() {
    let status = |name: &str| {
        let mut owed = obligation("model-naming", "derive", EvidenceClass::Mechanical);
        owed.params.insert("prefix".to_owned(), "Llama 3".to_owned());
        let mut given =
            descends(Given::new().owes("llama", owed), "llama", FineTunedFrom, &["llama"]);
        given.inventory.artifacts[0].name = Some(format!("acme/{name}"));
        given.status_of("model-naming")
    };
    assert_eq!(status("Llama-3-Foo"), ObligationStatus::Satisfied);
    assert_eq!(status("llama3_foo"), ObligationStatus::Satisfied);
    assert_eq!(status("Foo-Llama-3"), ObligationStatus::Missing);
}

#[test]
fn a_base_without_derivatives_and_commerce_limits_both() {
    let mut given = Given::new().terms("ncnd", "non-commercial", "none", &[]);
    change(&mut given, "ncnd", |terms| terms.grant.permitted_use = "non-commercial".to_owned());
    check(
        &descends(given, "permissive", RelationKind::DerivedFrom, &["ncnd"]),
        &[Rule::NonCommercialBase],
    );
}

#[test]
fn what_the_text_leaves_open_is_said() {
    let given = descends(Given::new(), "permissive", DistilledFrom, &["llama"]);
    assert!(messages(&given)[0].1.ends_with("the text leaves open"), "{:?}", messages(&given));
    let effective = evaluate(&given.inventory, None, "tree").artifacts[&id("m")].effective.clone();
    assert!(effective.because.ends_with("its text leaves open"), "{}", effective.because);
}
