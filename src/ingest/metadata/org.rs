//! Org-wide settings, transaction security policies, manifests.

use super::Item;
use crate::ingest::file_facts::{Said, Wanted};
use crate::ingest::values::File;
use crate::snapshot::{OrgSettings, Seen, Switch, TransactionPolicy};

/// `Event.settings`
pub(super) fn event_settings(file: &mut File<'_>, item: &Item<'_, '_>) -> Vec<Said> {
    let mut org = OrgSettings::default();
    switch(file, item, "enableTransactionSecurityPolicies", &mut org.transaction_policies_enabled);
    vec![Said::Org(Box::new(org))]
}

/// `Security.settings`
pub(super) fn security_settings(file: &mut File<'_>, item: &Item<'_, '_>) -> Vec<Said> {
    let mut org = OrgSettings::default();
    for network in item.root.children("networkAccess") {
        for range in network.children("ipRanges") {
            org.trusted_ranges.push(file.range(range, "start", "end"));
        }
    }
    for session in item.root.children("sessionSettings") {
        for name in ["sessionTimeout", "forceLogoutOnSessionTimeout"] {
            session.children(name).for_each(|element| org.settings.push(name, file.located(element)));
        }
        let session = Item { meta: item.meta, root: session };
        switch(file, &session, "enforceIpRangesEveryRequest", &mut org.enforce_ranges_every_request);
    }
    vec![Said::Org(Box::new(org))]
}

/// `OauthOidc.settings`
pub(super) fn oauth_settings(file: &mut File<'_>, item: &Item<'_, '_>) -> Vec<Said> {
    let mut org = OrgSettings::default();
    for name in ["blockOAuthUnPwFlow", "blockOAuthUsrAgtFlow", "isPkceRequired", "oAuthCdCrdtFlowEnable"] {
        item.root.children(name).for_each(|element| org.settings.push(name, file.located(element)));
    }
    vec![Said::Org(Box::new(org))]
}

/// `ExternalClientApp.settings`
pub(super) fn app_settings(file: &mut File<'_>, item: &Item<'_, '_>) -> Vec<Said> {
    let mut org = OrgSettings::default();
    switch(file, item, "enableClientSecretInRestApiAccess", &mut org.secret_in_rest_api);
    switch(file, item, "enableConsumerSecretApiAccess", &mut org.secret_in_metadata);
    for name in ["enableClientSecretInRestApiAccess", "enableConsumerSecretApiAccess"] {
        item.root.children(name).for_each(|element| org.settings.push(name, file.located(element)));
    }
    vec![Said::Org(Box::new(org))]
}

/// `.transactionSecurityPolicy`
pub(super) fn transaction_policy(file: &mut File<'_>, item: &Item<'_, '_>) -> Vec<Said> {
    let mut policy = TransactionPolicy {
        name: item.meta.name.clone(),
        at: file.line(item.root.line),
        event: Seen::default(),
        active: Seen::default(),
        blocks: Seen::default(),
        kind: Seen::default(),
    };
    let event = ["eventName", "eventType"].into_iter().find(|name| item.root.child(name).is_some());
    for event in event.into_iter().flat_map(|name| item.root.children(name)) {
        policy.event.push(file.located(event)); // several, or an empty one: no event can be ruled out
    }
    switch(file, item, "active", &mut policy.active);
    for action in item.root.children("action") {
        switch(file, &Item { meta: item.meta, root: action }, "block", &mut policy.blocks);
    }
    policy.kind.extend(file.text(item.root, "type"));
    vec![Said::TransactionPolicy(Box::new(policy))]
}

/// `package.xml`: the types that it names with `*`, and at which API version it asks for them.
pub(super) fn manifest(file: &File<'_>, item: &Item<'_, '_>) -> Vec<Said> {
    let mut versions = item.root.children("version");
    let version = match (versions.next(), versions.next()) {
        (Some(only), None) => only.text.split('.').next().and_then(|major| major.parse().ok()),
        _ => None,
    };
    let whole = item.root.children("types").filter(|types| types.children("members").any(|member| member.text == "*"));
    whole
        .filter_map(|types| types.child("name"))
        .map(|name| Said::Whole(Wanted { of: name.text.clone(), version, at: file.line(name.line) }))
        .collect()
}

fn switch(file: &mut File<'_>, item: &Item<'_, '_>, name: &str, seen: &mut Seen<Switch>) {
    seen.extend(file.switch_in(item.root, name));
}
