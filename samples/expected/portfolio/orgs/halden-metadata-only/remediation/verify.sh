#!/bin/sh
# Usage: sh verify.sh ORG
# Queries about a user that is still to be created need its name: NEW_USER_01=name sh verify.sh ORG
set -eu
org=${1:?name the alias of the org}
open=0

printf '%s\n' '01 Legacy Courier Portal (connected app): What the new user holds, its user name in place of NEW_USER; nothing but the profile and the new permission set should be there:'
if [ -n "${NEW_USER_01:-}" ]; then
  sf data query --target-org "$org" --query 'SELECT PermissionSet.Name, PermissionSet.Profile.Name, PermissionSetGroup.DeveloperName FROM PermissionSetAssignment WHERE Assignee.Username = '\'''"$NEW_USER_01"''\''' || open=1
else
  echo 'not asked: set NEW_USER_01 to the user name of the new user'
  open=1
fi

printf '%s\n' '01 Legacy Courier Portal (connected app): Objects whose sharing the user can ignore; no row should be left:'
if [ -n "${NEW_USER_01:-}" ]; then
  sf data query --target-org "$org" --query 'SELECT Parent.Name, SobjectType FROM ObjectPermissions WHERE ParentId IN (SELECT PermissionSetId FROM PermissionSetAssignment WHERE Assignee.Username = '\'''"$NEW_USER_01"''\'') AND (PermissionsModifyAllRecords = true OR PermissionsViewAllRecords = true)' || open=1
else
  echo 'not asked: set NEW_USER_01 to the user name of the new user'
  open=1
fi

printf '%s\n' '02 Rate Card Publisher Zürich: The app'\''s policy once the client is changed; IsClientCredentialsFlowEnabled has to be false:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Rate_Card_Publisher'\''' || open=1

printf '%s\n' '02 Rate Card Publisher Zürich: What the new user holds, its user name in place of NEW_USER; nothing but the profile and the new permission set should be there:'
if [ -n "${NEW_USER_02:-}" ]; then
  sf data query --target-org "$org" --query 'SELECT PermissionSet.Name, PermissionSet.Profile.Name, PermissionSetGroup.DeveloperName FROM PermissionSetAssignment WHERE Assignee.Username = '\'''"$NEW_USER_02"''\''' || open=1
else
  echo 'not asked: set NEW_USER_02 to the user name of the new user'
  open=1
fi

printf '%s\n' '02 Rate Card Publisher Zürich: Objects whose sharing the user can ignore; no row should be left:'
if [ -n "${NEW_USER_02:-}" ]; then
  sf data query --target-org "$org" --query 'SELECT Parent.Name, SobjectType FROM ObjectPermissions WHERE ParentId IN (SELECT PermissionSetId FROM PermissionSetAssignment WHERE Assignee.Username = '\'''"$NEW_USER_02"''\'') AND (PermissionsModifyAllRecords = true OR PermissionsViewAllRecords = true)' || open=1
else
  echo 'not asked: set NEW_USER_02 to the user name of the new user'
  open=1
fi

printf '%s\n' '03 Customs Declaration: The app'\''s policy once the client is changed; IsClientCredentialsFlowEnabled has to be false:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Customs_Declaration'\''' || open=1

printf '%s\n' '04 Carrier Tracking Sync: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Carrier_Tracking_Sync'\''' || open=1

printf '%s\n' '05 Claims Intake: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Claims_Intake'\''' || open=1

printf '%s\n' '06 Data Warehouse Loader: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Data_Warehouse_Loader'\''' || open=1

printf '%s\n' '07 Dock Gateway: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Dock_Gateway'\''' || open=1

printf '%s\n' '08 Invoice Archive: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Invoice_Archive'\''' || open=1

printf '%s\n' '09 Order Intake: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Order_Intake'\''' || open=1

printf '%s\n' '10 Route Optimizer: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''hldpkg__Route_Optimizer'\''' || open=1

printf '%s\n' '11 Sandbox Seeder: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Sandbox_Seeder'\''' || open=1

printf '%s\n' '12 Warehouse Portal: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Warehouse_Portal'\''' || open=1

printf '%s\n' '13 Yard Scheduler: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Yard_Scheduler'\''' || open=1

printf '%s\n' '14 Freight Quote Express: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Freight_Quote'\''' || open=1

printf '%s\n' '16 Fleet Telemetry: The app'\''s policy; IsClientCredentialsFlowEnabled has to be false:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Fleet_Telemetry'\''' || open=1

exit "$open"
