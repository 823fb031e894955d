//! Names of standard profiles. Metadata has their API name, Setup and queries have names that depend on a language.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

const TABLE: &str = include_str!("standard_profiles.txt");

struct Names {
    /// API names by every name.
    by_name: BTreeMap<&'static str, BTreeSet<&'static str>>,
    /// English names in Setup by API name.
    setup: BTreeMap<&'static str, &'static str>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let mut names = Names { by_name: BTreeMap::new(), setup: BTreeMap::new() };
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('|').map(str::trim);
        let (Some(api), Some(setup)) = (cells.next(), cells.next()) else { continue };
        names.setup.insert(api, setup);
        let translated = cells.filter_map(|cell| cell.split_once(' ').map(|(_, name)| name));
        for name in [api, setup].into_iter().chain(translated) {
            names.by_name.entry(name).or_default().insert(api);
        }
    }
    names
});

/// The API names of the standard profiles that a name may mean: that of metadata, that of Setup, or a translation.
pub fn standard_profiles(name: &str) -> impl Iterator<Item = &'static str> {
    NAMES.by_name.get(name).into_iter().flatten().copied()
}

/// The English name in Setup of a standard profile, by its API name.
#[must_use]
pub fn setup_name(api_name: &str) -> Option<&'static str> {
    NAMES.setup.get(api_name).copied()
}

/// The API name of every standard profile.
pub fn api_names() -> impl Iterator<Item = &'static str> {
    NAMES.setup.keys().copied()
}
