//! Writes lock files of npm.

use std::fmt::Write as _;

/// A `package-lock.json` with so many packages of the version `major.number.0`; each names a licence and
/// needs three others.
#[must_use]
pub fn lock_file(packages: u64, major: u64) -> String {
    let mut text = "{\"name\": \"app\", \"lockfileVersion\": 3, \"packages\": {".to_owned();
    for number in 0..packages {
        let needs = (1..=3).map(|step| (number + step) % packages);
        let needs: Vec<String> = needs.map(|it| format!("\"package-{it}\": \"^1.0.0\"")).collect();
        let license = ["MIT", "ISC", "Apache-2.0", "BSD-3-Clause"][((number + major) % 4) as usize];
        let comma = if number == 0 { "" } else { "," };
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "{comma}\n\"node_modules/package-{number}\": {{\"version\": \"{major}.{number}.0\", \
             \"license\": \"{license}\", \"dependencies\": {{{}}}}}",
            needs.join(", ")
        );
    }
    text.push_str("}}\n");
    text
}
