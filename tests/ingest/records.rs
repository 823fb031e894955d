//! One row for each odd case that record exports show.

use super::{Case, check, container};
use shr::snapshot::*;

const CASES: &[Case] = &[
    (
        "more to come, without a count",
        &[(
            "User.json",
            "{\"done\":false,\"records\":[{\"Id\":\"005xx0000000001\",\"Username\":\"a@example.com\",\"IsActive\":true}]}",
        )],
        |s| {
            assert_eq!(s.coverage_of(Kind::UserRecords), Coverage::Truncated { got: 1, of: 1 });
            assert_eq!(s.problems[0].code, ProblemCode::Truncated);
        },
    ),
    (
        "more rows than announced prove nothing",
        &[(
            "User.json",
            "{\"totalSize\":1,\"done\":true,\"records\":[{\"Id\":\"005xx0000000001\",\"Username\":\"a@example.com\",\"IsActive\":true},{\"Id\":\"005xx0000000002\",\"Username\":\"b@example.com\",\"IsActive\":true}]}",
        )],
        |s| {
            assert_eq!(s.coverage_of(Kind::UserRecords), Coverage::NotProven { got: 2 });
        },
    ),
    (
        "object permissions of a muting set and of a profile by name",
        &[(
            "ObjectPermissions.csv",
            "ParentId,Parent.Name,Parent.IsOwnedByProfile,Parent.Profile.Name,SobjectType,PermissionsRead\n0QMxx0000000001,,,,Lead,true\n0PSxx0000000001,X00ex,true,System Administrator,Case,true\n0PSxx0000000002,Bot,false,,Task,true\n",
        )],
        |s| {
            assert!(container(s, ContainerKind::Profile, "Admin").objects.contains_key("Case"));
            assert!(container(s, ContainerKind::PermissionSet, "Bot").objects.contains_key("Task"));
            assert_eq!(s.access.containers.iter().filter(|c| c.kind == ContainerKind::Muting).count(), 1);
        },
    ),
    (
        "an own set of a profile is the profile",
        &[
            (
                "PermissionSet.csv",
                "Id,Name,IsOwnedByProfile,ProfileId,Profile.Name,Type,PermissionSetGroupId,PermissionsModifyAllData,PermissionsApiEnabled\n0PSxx0000000001,X00ex,true,00exx0000000001,System Administrator,Profile,,true,false\n",
            ),
            ("Admin.profile", "<Profile/>"),
        ],
        |s| {
            let admin = container(s, ContainerKind::Profile, "Admin");
            assert_eq!((admin.ids.len(), admin.sources.len(), admin.from_file), (2, 2, true));
            assert_eq!(admin.permissions.keys().collect::<Vec<_>>(), ["ModifyAllData"]);
            assert_eq!(
                admin.record_columns.iter().map(|name| &**name).collect::<Vec<_>>(),
                ["ApiEnabled", "ModifyAllData"]
            );
            assert_eq!(s.access.containers.len(), 1);
        },
    ),
    (
        "an own set finds its profile through the Profile export alone",
        &[
            (
                "PermissionSet.csv",
                "Id,Name,IsOwnedByProfile,ProfileId,PermissionsApiEnabled\n0PSxx0000000001,X00ex,TRUE,00exx0000000001,TRUE\n",
            ),
            ("Profile.csv", "Id,Name\n00exx0000000001AAA,Read Only\n"),
        ],
        |s| {
            assert!(container(s, ContainerKind::Profile, "ReadOnly").permissions.contains_key("ApiEnabled"));
            assert_eq!(s.access.containers.len(), 1);
        },
    ),
    (
        "a row of type Group is the calculated group",
        &[
            (
                "PermissionSet.csv",
                "Id,Name,IsOwnedByProfile,Type,PermissionSetGroupId,PermissionsApiEnabled\n0PSxx0000000001,Team,false,Group,0PGxx0000000001,true\n",
            ),
            ("PermissionSetGroup.csv", "Id,DeveloperName,Status\n0PGxx0000000001,Team,Updated\n"),
        ],
        |s| {
            let team = container(s, ContainerKind::Group, "Team");
            assert!(team.calculated && team.permissions.contains_key("ApiEnabled"));
            assert_eq!(s.access.containers.len(), 1);
        },
    ),
    (
        "members of a group by records, muting sets among them",
        &[
            ("PermissionSetGroup.csv", "Id,DeveloperName,Status\n0PGxx0000000001,Team,Updated\n"),
            (
                "PermissionSetGroupComponent.csv",
                "PermissionSetGroupId,PermissionSetId\n0PGxx0000000001,0PSxx0000000001\n0PGxx0000000001,0QMxx0000000001\n",
            ),
        ],
        |s| {
            let team = container(s, ContainerKind::Group, "Team");
            assert_eq!((team.members.len(), team.mutings.len()), (1, 1));
        },
    ),
    (
        "upper-case headers keep permission names",
        &[(
            "PermissionSet.csv",
            "\"ID\",\"NAME\",\"ISOWNEDBYPROFILE\",\"PERMISSIONSMODIFYALLDATA\"\n\"0PSxx0000000001\",\"Bot\",\"FALSE\",\"TRUE\"\n",
        )],
        |s| {
            assert!(container(s, ContainerKind::PermissionSet, "Bot").permissions.contains_key("ModifyAllData"));
        },
    ),
    (
        "a namespace becomes a prefix",
        &[("PermissionSet.csv", "Id,Name,NamespacePrefix,IsOwnedByProfile\n0PSxx0000000001,Set,vendor,false\n")],
        |s| {
            container(s, ContainerKind::PermissionSet, "vendor__Set");
        },
    ),
    (
        "a policy record finds its app by id",
        &[
            (
                "ExtlClntAppOauthPlcyCnfg.csv",
                "Id,ExternalClientApplicationId,IsClientCredentialsFlowEnabled,ClientCredentialsFlowUser,IpRelaxationPolicyType\n1,0xIxx0000000001,true,005xx0000000001,ENFORCE\n",
            ),
            (
                "ExternalClientApplication.csv",
                "Id,DeveloperName,MasterLabel,NamespacePrefix\n0xIxx0000000001AAA,Sync,Sync it,ns\n",
            ),
        ],
        |s| {
            let app = &s.apps["ns__Sync"];
            assert_eq!(
                app.execution_user.agreed().unwrap().value,
                UserRef::Id(SfId::parse("005xx0000000001").unwrap())
            );
            assert_eq!((s.apps.len(), app.ids.len(), app.sources.len()), (1, 1, 2));
            assert_eq!(
                app.sources.iter().map(|source| source.raw.as_str()).collect::<Vec<_>>(),
                ["Sync", "0xIxx0000000001"]
            );
        },
    ),
    (
        "a policy record without its app is an app named by its id",
        &[(
            "x.json",
            "{\"records\":[{\"attributes\":{\"type\":\"ExtlClntAppOauthPlcyCnfg\",\"url\":\"/x\"},\"ExternalClientApplicationId\":\"0xIxx0000000001\",\"IsClientCredentialsFlowEnabled\":true}],\"totalSize\":1,\"done\":true}",
        )],
        |s| {
            assert_eq!(s.apps.keys().next().unwrap(), &SfId::parse("0xIxx0000000001").unwrap().long());
        },
    ),
    (
        "plug-in status and scopes of records",
        &[
            (
                "ExtlClntAppPlcyCnfg.csv",
                "ExternalClientApplication.DeveloperName,IsEnabled,OauthPluginStatus\nA,true,Notinstalled\nB,true,Enabled\nC,true,Broken\n",
            ),
            (
                "ExtlClntAppOauthSettings.csv",
                "ExternalClientApplication.DeveloperName,OauthScopesAPI,OauthScopesFULL,OauthScopesWeb\nA,true,true,false\n",
            ),
        ],
        |s| {
            let plugin = |name: &str| s.apps[name].oauth_plugin_enabled.agreed().unwrap().value;
            assert_eq!((plugin("A"), plugin("B"), plugin("C")), (Switch::Off, Switch::On, Switch::NotTold));
            assert!(s.apps["A"].scopes.is_empty(), "columns are no list");
            let columns = s.apps["A"].scope_columns.iter();
            let columns: Vec<_> = columns.map(|one| (one.scope.as_str(), one.granted.value)).collect();
            assert_eq!(columns, [("Api", Switch::On), ("Full", Switch::On), ("Web", Switch::Off)]);
            assert_eq!(s.problems.len(), 1);
        },
    ),
    (
        "a listing of components, also of a single one",
        &[
            (
                "l1.json",
                "{\"status\":0,\"result\":[{\"fullName\":\"A\",\"fileName\":\"externalClientApps/A.eca\",\"type\":\"ExternalClientApplication\",\"id\":\"0xIxx0000000001\"}]}",
            ),
            (
                "l2.json",
                "{\"status\":0,\"result\":{\"fullName\":\"B\",\"fileName\":\"externalClientApps/B.eca\",\"type\":\"ExternalClientApplication\"}}",
            ),
            (
                "l3.json",
                "{\"status\":0,\"result\":[{\"fullName\":\"P\",\"fileName\":\"profiles/P.profile\",\"type\":\"Profile\"}]}",
            ),
        ],
        |s| {
            assert_eq!(s.apps.keys().collect::<Vec<_>>(), ["A", "B"]);
            assert_eq!(s.listings.keys().collect::<Vec<_>>(), ["ExternalClientApplication", "Profile"]);
            assert_eq!(s.ignored_files, 0);
        },
    ),
    (
        "a parent that is null",
        &[(
            "User.json",
            "{\"records\":[{\"attributes\":{\"type\":\"User\"},\"Id\":\"005xx0000000001\",\"Username\":\"bot@example.com\",\"Profile\":null}],\"totalSize\":1,\"done\":true}",
        )],
        |s| {
            assert!(s.problems.is_empty() && s.access.users[0].profile_name.is_none());
            assert_eq!(s.coverage_of(Kind::UserRecords), Coverage::Complete { got: 1 });
        },
    ),
    (
        "no apps, proven by an export without rows",
        &[("ExternalClientApplication.json", "{\"records\":[],\"totalSize\":0,\"done\":true}")],
        |s| {
            assert_eq!(s.coverage_of(Kind::AppRecords), Coverage::Complete { got: 0 });
        },
    ),
    ("no rows and no header prove nothing", &[("User.csv", "\n"), ("PermissionSet.csv", "")], |s| {
        assert_eq!(s.coverage_of(Kind::UserRecords), Coverage::NotProven { got: 0 });
        assert_eq!(s.coverage_of(Kind::PermissionSetRecords), Coverage::NotProven { got: 0 });
        assert_eq!(s.coverage_of(Kind::LoginRecords), Coverage::Absent);
    }),
    (
        "pages of one answer together are complete",
        &[
            (
                "p1.json",
                "{\"totalSize\":2,\"done\":false,\"nextRecordsUrl\":\"/q\",\"records\":[{\"attributes\":{\"type\":\"User\",\"url\":\"/u\"},\"Id\":\"005xx0000000001\",\"Username\":\"a@example.com\",\"IsActive\":true}]}",
            ),
            (
                "p2.json",
                "{\"totalSize\":2,\"done\":true,\"records\":[{\"attributes\":{\"type\":\"User\",\"url\":\"/u\"},\"Id\":\"005xx0000000002\",\"Username\":\"b@example.com\",\"IsActive\":true}]}",
            ),
        ],
        |s| {
            assert_eq!(s.coverage_of(Kind::UserRecords), Coverage::Complete { got: 2 });
        },
    ),
    (
        "the same page twice is still cut off, though each says that it is done",
        &[
            (
                "p1.json",
                "{\"totalSize\":2,\"done\":true,\"records\":[{\"attributes\":{\"type\":\"User\",\"url\":\"/u\"},\"Id\":\"005xx0000000001\",\"Username\":\"a@example.com\",\"IsActive\":true}]}",
            ),
            (
                "p2.json",
                "{\"totalSize\":2,\"done\":true,\"records\":[{\"attributes\":{\"type\":\"User\",\"url\":\"/u\"},\"Id\":\"005xx0000000001\",\"Username\":\"a@example.com\",\"IsActive\":true}]}",
            ),
        ],
        |s| {
            assert!(matches!(s.coverage_of(Kind::UserRecords), Coverage::Truncated { of: 2, .. }));
            assert_eq!((s.access.users.len(), s.problems.len()), (1, 2));
        },
    ),
    (
        "rows of a sub-query, nested and flat",
        &[
            (
                "u.json",
                "{\"totalSize\":1,\"done\":true,\"records\":[{\"attributes\":{\"type\":\"User\",\"url\":\"/u\"},\"Id\":\"005xx0000000001\",\"Username\":\"a@example.com\",\"PermissionSetAssignments\":{\"totalSize\":2,\"done\":true,\"records\":[{\"attributes\":{\"type\":\"PermissionSetAssignment\",\"url\":\"/a\"},\"PermissionSetId\":\"0PSxx0000000001\"},{\"attributes\":{\"type\":\"PermissionSetAssignment\",\"url\":\"/a\"},\"PermissionSetId\":\"0PSxx0000000002\"}]}}]}",
            ),
            (
                "v.csv",
                "Id,Username,IsActive,PermissionSetAssignments.totalSize,PermissionSetAssignments.records.0.PermissionSet.Name\n005xx0000000002,b@example.com,true,1,Bot\n",
            ),
        ],
        |s| {
            assert_eq!(s.access.assignments.len(), 3);
            let of: Vec<_> =
                s.access.assignments.iter().map(|a| a.assignee.as_ref().unwrap().value.key().to_owned()).collect();
            assert_eq!(of, ["005xx0000000001", "005xx0000000001", "005xx0000000002"]);
        },
    ),
    (
        "login ranges in the Metadata field",
        &[(
            "p.json",
            "{\"totalSize\":1,\"done\":true,\"records\":[{\"attributes\":{\"type\":\"Profile\",\"url\":\"/p\"},\"Name\":\"System Administrator\",\"Metadata\":{\"custom\":false,\"description\":null,\"loginIpRanges\":[{\"description\":null,\"endAddress\":\"192.0.2.9\",\"startAddress\":\"192.0.2.1\"}],\"userPermissions\":[{\"enabled\":true,\"name\":\"ApiEnabled\"}]}}]}",
        )],
        |s| {
            let admin = container(s, ContainerKind::Profile, "Admin");
            assert_eq!(admin.login_ranges.agreed().unwrap().value[0].end.value, "192.0.2.9");
            assert!(admin.permissions.contains_key("ApiEnabled") && !admin.from_file);
        },
    ),
    (
        "logins, also counted by group",
        &[
            (
                "a.json",
                "{\"totalSize\":1,\"done\":true,\"records\":[{\"attributes\":{\"type\":\"AggregateResult\"},\"LoginType\":\"Other Apex API\",\"Application\":\"N/A\",\"expr0\":4}]}",
            ),
            (
                "LoginHistory.csv",
                "UserId,LoginTime,LoginType,LoginSubType,Application,SourceIp,Status\n005xx0000000001,2026-01-02T03:04:05.000Z,Remote Access 2.0,OauthClientCredentials,Sync,192.0.2.1,Success\n",
            ),
        ],
        |s| {
            assert_eq!(s.activity.logins.len(), 2);
            assert_eq!(s.activity.logins[0].sub_type.as_ref().unwrap().raw, "OauthClientCredentials");
        },
    ),
    (
        "counts of users are no users",
        &[(
            "User.json",
            "{\"totalSize\":1,\"done\":true,\"records\":[{\"attributes\":{\"type\":\"AggregateResult\"},\"expr0\":4}]}",
        )],
        |s| {
            assert_eq!((s.access.users.len(), s.problems[0].code), (0, ProblemCode::Ambiguous));
        },
    ),
    (
        "an event log",
        &[(
            "2026-01-01_ApiTotalUsage.csv",
            "\"EVENT_TYPE\",\"TIMESTAMP_DERIVED\",\"USER_ID\",\"USER_NAME\",\"CLIENT_IP\",\"CONNECTED_APP_ID\",\"CONNECTED_APP_NAME\"\n\"ApiTotalUsage\",\"2026-01-01T00:00:00.000Z\",\"005xx0000000001\",\"bot@example.com\",\"192.0.2.1\",\"0H4\",\"Sync\"\n\"ApiTotalUsage\",\"2026-01-01T00:00:02.000Z\",\"005xx0000000001AAA\",\"bot@example.com\",\"192.0.2.1\",\"0H4\",\"Sync\"\n\"ApiTotalUsage\",\"2026-01-01T00:00:01.000Z\",\"005xx0000000001\",\"bot@example.com\",\"192.0.2.1\",\"0H4\",\"Sync\"\n\"ApiTotalUsage\",\"2026-01-01T00:00:09.000Z\",\"005xx0000000001\",\"bot@example.com\",\"192.0.2.2\",\"0H4\",\"Sync\"\n",
        )],
        |s| {
            let [first, second] = &s.activity.api_use[..] else {
                panic!("calls that differ in time alone are one entry")
            };
            assert_eq!(first.app.as_ref().unwrap().value, "Sync");
            assert_eq!((first.count, first.at.place), (3, Place::Row(2)), "counted, and the latest is cited");
            assert_eq!((second.count, second.at.place), (1, Place::Row(4)));
            assert_eq!(s.coverage_of(Kind::EventRecords), Coverage::NotProven { got: 4 });
        },
    ),
    (
        "an export that cannot be told",
        &[
            ("export.csv", "Id,Name\n00exx0000000001,a\n"),
            ("empty.json", "{\"totalSize\":0,\"done\":true,\"records\":[]}"),
        ],
        |s| {
            assert_eq!(
                s.problems.iter().map(|p| (p.code, p.kind)).collect::<Vec<_>>(),
                [(ProblemCode::Ambiguous, Some(Kind::UnknownRecords)); 2]
            );
        },
    ),
];

#[test]
fn odd_records_are_read_as_they_are_meant() {
    check(CASES);
}
