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

printf '%s\n' '03 Data Warehouse Loader: The app'\''s policy once the client is changed; IsClientCredentialsFlowEnabled has to be false:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Data_Warehouse_Loader'\''' || open=1

printf '%s\n' '03 Data Warehouse Loader: What the user holds; besides its profile only permission sets that the integration needs should be there:'
sf data query --target-org "$org" --query 'SELECT PermissionSet.Name, PermissionSet.Profile.Name, PermissionSetGroup.DeveloperName FROM PermissionSetAssignment WHERE Assignee.Username = '\''svc.warehouse@halden-freight.example.com'\''' || open=1

printf '%s\n' '03 Data Warehouse Loader: Objects whose sharing the user can ignore; no row should be left:'
sf data query --target-org "$org" --query 'SELECT Parent.Name, SobjectType FROM ObjectPermissions WHERE ParentId IN (SELECT PermissionSetId FROM PermissionSetAssignment WHERE Assignee.Username = '\''svc.warehouse@halden-freight.example.com'\'') AND (PermissionsModifyAllRecords = true OR PermissionsViewAllRecords = true)' || open=1

printf '%s\n' '04 Order Intake: The app'\''s policy once the client is changed; IsClientCredentialsFlowEnabled has to be false:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Order_Intake'\''' || open=1

printf '%s\n' '04 Order Intake: What the new user holds, its user name in place of NEW_USER; nothing but the profile and the new permission set should be there:'
if [ -n "${NEW_USER_04:-}" ]; then
  sf data query --target-org "$org" --query 'SELECT PermissionSet.Name, PermissionSet.Profile.Name, PermissionSetGroup.DeveloperName FROM PermissionSetAssignment WHERE Assignee.Username = '\'''"$NEW_USER_04"''\''' || open=1
else
  echo 'not asked: set NEW_USER_04 to the user name of the new user'
  open=1
fi

printf '%s\n' '04 Order Intake: Objects whose sharing the user can ignore; no row should be left:'
if [ -n "${NEW_USER_04:-}" ]; then
  sf data query --target-org "$org" --query 'SELECT Parent.Name, SobjectType FROM ObjectPermissions WHERE ParentId IN (SELECT PermissionSetId FROM PermissionSetAssignment WHERE Assignee.Username = '\'''"$NEW_USER_04"''\'') AND (PermissionsModifyAllRecords = true OR PermissionsViewAllRecords = true)' || open=1
else
  echo 'not asked: set NEW_USER_04 to the user name of the new user'
  open=1
fi

printf '%s\n' '05 Claims Intake: The app'\''s policy once the client is changed; IsClientCredentialsFlowEnabled has to be false:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Claims_Intake'\''' || open=1

printf '%s\n' '05 Claims Intake: What the user holds; besides its profile only permission sets that the integration needs should be there:'
sf data query --target-org "$org" --query 'SELECT PermissionSet.Name, PermissionSet.Profile.Name, PermissionSetGroup.DeveloperName FROM PermissionSetAssignment WHERE Assignee.Username = '\''svc.claims@halden-freight.example.com'\''' || open=1

printf '%s\n' '05 Claims Intake: Objects whose sharing the user can ignore; no row should be left:'
sf data query --target-org "$org" --query 'SELECT Parent.Name, SobjectType FROM ObjectPermissions WHERE ParentId IN (SELECT PermissionSetId FROM PermissionSetAssignment WHERE Assignee.Username = '\''svc.claims@halden-freight.example.com'\'') AND (PermissionsModifyAllRecords = true OR PermissionsViewAllRecords = true)' || open=1

printf '%s\n' '06 Partner Lookup: The app'\''s policy once the client is changed; IsClientCredentialsFlowEnabled has to be false:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Partner_Lookup'\''' || open=1

printf '%s\n' '06 Partner Lookup: What the user holds; besides its profile only permission sets that the integration needs should be there:'
sf data query --target-org "$org" --query 'SELECT PermissionSet.Name, PermissionSet.Profile.Name, PermissionSetGroup.DeveloperName FROM PermissionSetAssignment WHERE Assignee.Username = '\''svc.lookup@halden-freight.example.com'\''' || open=1

printf '%s\n' '06 Partner Lookup: Objects whose sharing the user can ignore; no row should be left:'
sf data query --target-org "$org" --query 'SELECT Parent.Name, SobjectType FROM ObjectPermissions WHERE ParentId IN (SELECT PermissionSetId FROM PermissionSetAssignment WHERE Assignee.Username = '\''svc.lookup@halden-freight.example.com'\'') AND (PermissionsModifyAllRecords = true OR PermissionsViewAllRecords = true)' || open=1

printf '%s\n' '07 Customs Declaration: The app'\''s policy once the client is changed; IsClientCredentialsFlowEnabled has to be false:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Customs_Declaration'\''' || open=1

printf '%s\n' '07 Customs Declaration: What the user holds; besides its profile only permission sets that the integration needs should be there:'
sf data query --target-org "$org" --query 'SELECT PermissionSet.Name, PermissionSet.Profile.Name, PermissionSetGroup.DeveloperName FROM PermissionSetAssignment WHERE Assignee.Username = '\''svc.customs@halden-freight.example.com'\''' || open=1

printf '%s\n' '07 Customs Declaration: Objects whose sharing the user can ignore; no row should be left:'
sf data query --target-org "$org" --query 'SELECT Parent.Name, SobjectType FROM ObjectPermissions WHERE ParentId IN (SELECT PermissionSetId FROM PermissionSetAssignment WHERE Assignee.Username = '\''svc.customs@halden-freight.example.com'\'') AND (PermissionsModifyAllRecords = true OR PermissionsViewAllRecords = true)' || open=1

printf '%s\n' '08 Dock Gateway: The app'\''s policy once the client is changed; IsClientCredentialsFlowEnabled has to be false:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Dock_Gateway'\''' || open=1

printf '%s\n' '08 Dock Gateway: What the user holds; besides its profile only permission sets that the integration needs should be there:'
sf data query --target-org "$org" --query 'SELECT PermissionSet.Name, PermissionSet.Profile.Name, PermissionSetGroup.DeveloperName FROM PermissionSetAssignment WHERE Assignee.Username = '\''svc.dock@halden-freight.example.com'\''' || open=1

printf '%s\n' '08 Dock Gateway: Objects whose sharing the user can ignore; no row should be left:'
sf data query --target-org "$org" --query 'SELECT Parent.Name, SobjectType FROM ObjectPermissions WHERE ParentId IN (SELECT PermissionSetId FROM PermissionSetAssignment WHERE Assignee.Username = '\''svc.dock@halden-freight.example.com'\'') AND (PermissionsModifyAllRecords = true OR PermissionsViewAllRecords = true)' || open=1

printf '%s\n' '09 Warehouse Portal: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Warehouse_Portal'\''' || open=1

printf '%s\n' '10 Route Optimizer: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Route_Optimizer'\'' AND ExternalClientApplication.NamespacePrefix = '\''hldpkg'\''' || open=1

printf '%s\n' '11 Freight Quote Express: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Freight_Quote'\''' || open=1

printf '%s\n' '12 Invoice Archive: The app'\''s policy; it has to name the intended user and Enforce:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Invoice_Archive'\''' || open=1

printf '%s\n' '12 Invoice Archive: What the new user holds, its user name in place of NEW_USER; nothing but the profile and the new permission set should be there:'
if [ -n "${NEW_USER_12:-}" ]; then
  sf data query --target-org "$org" --query 'SELECT PermissionSet.Name, PermissionSet.Profile.Name, PermissionSetGroup.DeveloperName FROM PermissionSetAssignment WHERE Assignee.Username = '\'''"$NEW_USER_12"''\''' || open=1
else
  echo 'not asked: set NEW_USER_12 to the user name of the new user'
  open=1
fi

printf '%s\n' '12 Invoice Archive: Objects whose sharing the user can ignore; no row should be left:'
if [ -n "${NEW_USER_12:-}" ]; then
  sf data query --target-org "$org" --query 'SELECT Parent.Name, SobjectType FROM ObjectPermissions WHERE ParentId IN (SELECT PermissionSetId FROM PermissionSetAssignment WHERE Assignee.Username = '\'''"$NEW_USER_12"''\'') AND (PermissionsModifyAllRecords = true OR PermissionsViewAllRecords = true)' || open=1
else
  echo 'not asked: set NEW_USER_12 to the user name of the new user'
  open=1
fi

printf '%s\n' '15 Fleet Telemetry: The app'\''s policy; IsClientCredentialsFlowEnabled has to be false:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Fleet_Telemetry'\''' || open=1

printf '%s\n' '17 Yard Scheduler: The app'\''s policy; IsClientCredentialsFlowEnabled has to be false:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Yard_Scheduler'\''' || open=1

exit "$open"
