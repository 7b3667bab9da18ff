//! Countries, as ISO 3166-1 codes with two letters.

use std::collections::BTreeSet;

/// Member states of the European Union, sorted.
const EU: &[&str] = &[
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Every assigned code, sorted.
const ASSIGNED: &[&str] = &[
    "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ",
    "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS",
    "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN",
    "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE",
    "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF",
    "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM",
    "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM",
    "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC",
    "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK",
    "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA",
    "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG",
    "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW",
    "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS",
    "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO",
    "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI",
    "VN", "VU", "WF", "WS", "YE", "YT", "ZA", "ZM", "ZW",
];

/// Names of places that licences use instead of codes.
const NAMES: &[(&str, &str)] = &[
    ("European Union", "EU"),
    ("South Korea", "KR"),
    ("UK", "GB"),
    ("United Kingdom", "GB"),
    ("United States", "US"),
];

/// The countries that `code` stands for: itself, or the members of `EU`. Empty when it is neither.
pub fn countries(code: &str) -> BTreeSet<&'static str> {
    if code == "EU" {
        return EU.iter().copied().collect();
    }
    ASSIGNED.binary_search(&code).ok().map(|index| ASSIGNED[index]).into_iter().collect()
}

/// The countries that `text` names by codes or by names that licences use.
pub fn countries_named_in(text: &str) -> BTreeSet<&'static str> {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let by_code = words.iter().flat_map(|word| countries(word));
    let spaced = format!(" {} ", words.join(" "));
    let by_name = NAMES
        .iter()
        .filter(|(name, _)| spaced.contains(&format!(" {name} ")))
        .flat_map(|(_, code)| countries(code));
    by_code.chain(by_name).collect()
}

#[cfg(test)]
mod tests {
    use super::{ASSIGNED, EU, countries, countries_named_in};

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let named = countries_named_in(text);
        assert_eq!(named.into_iter().collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn the_lists_are_sorted_and_whole() {
        assert_eq!((EU.len(), ASSIGNED.len()), (27, 249));
        assert!(EU.is_sorted() && ASSIGNED.is_sorted());
        assert!(EU.iter().all(|code| ASSIGNED.contains(code)));
    }

    #[test]
    fn a_code_stands_for_countries() {
        assert_eq!(countries("EU").len(), 27);
        assert_eq!(countries("DE").len(), 1);
        assert!(countries("UK").is_empty() && countries("de").is_empty());
    }

    #[test]
    fn licences_name_countries_in_words() {
        check("EU-domiciled persons and EU-based companies", EU);
        assert_eq!(countries_named_in("EU, UK, South Korea").len(), 29);
        check("the United Kingdom", &["GB"]);
        check("in persons or to IT companies", &["IT"]);
        check("everywhere", &[]);
    }
}
