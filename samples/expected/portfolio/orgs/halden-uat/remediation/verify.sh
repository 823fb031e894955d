#!/bin/sh
# Usage: sh verify.sh ORG
# Queries about a user that is still to be created need its name: NEW_USER_01=name sh verify.sh ORG
set -eu
org=${1:?name the alias of the org}
open=0

printf '%s\n' '01 Carrier Tracking Sync: The app'\''s policy once the client is changed; IsClientCredentialsFlowEnabled has to be false:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Carrier_Tracking_Sync'\''' || open=1

printf '%s\n' '01 Carrier Tracking Sync: What the user holds; besides its profile only permission sets that the integration needs should be there:'
sf data query --target-org "$org" --query 'SELECT PermissionSet.Name, PermissionSet.Profile.Name, PermissionSetGroup.DeveloperName FROM PermissionSetAssignment WHERE Assignee.Username = '\''svc.tracking@halden-freight.example.com.uat'\''' || open=1

printf '%s\n' '01 Carrier Tracking Sync: Objects whose sharing the user can ignore; no row should be left:'
sf data query --target-org "$org" --query 'SELECT Parent.Name, SobjectType FROM ObjectPermissions WHERE ParentId IN (SELECT PermissionSetId FROM PermissionSetAssignment WHERE Assignee.Username = '\''svc.tracking@halden-freight.example.com.uat'\'') AND (PermissionsModifyAllRecords = true OR PermissionsViewAllRecords = true)' || open=1

printf '%s\n' '02 Dock Gateway: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Dock_Gateway'\''' || open=1

printf '%s\n' '03 Customs Declaration: The app'\''s policy once the client is changed; IsClientCredentialsFlowEnabled has to be false:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Customs_Declaration'\''' || open=1

printf '%s\n' '03 Customs Declaration: What the user holds; besides its profile only permission sets that the integration needs should be there:'
sf data query --target-org "$org" --query 'SELECT PermissionSet.Name, PermissionSet.Profile.Name, PermissionSetGroup.DeveloperName FROM PermissionSetAssignment WHERE Assignee.Username = '\''svc.customs@halden-freight.example.com.uat'\''' || open=1

printf '%s\n' '03 Customs Declaration: Objects whose sharing the user can ignore; no row should be left:'
sf data query --target-org "$org" --query 'SELECT Parent.Name, SobjectType FROM ObjectPermissions WHERE ParentId IN (SELECT PermissionSetId FROM PermissionSetAssignment WHERE Assignee.Username = '\''svc.customs@halden-freight.example.com.uat'\'') AND (PermissionsModifyAllRecords = true OR PermissionsViewAllRecords = true)' || open=1

printf '%s\n' '07 Fleet Telemetry: The app'\''s policy; IsClientCredentialsFlowEnabled has to be false:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Fleet_Telemetry'\''' || open=1

exit "$open"
