//! Made-up message bodies in the shape of Exchange's: mailboxes of 157 properties, and the metadata of cmdlets.
//!
//! Deterministic: the same number of the same kind is always the same bytes.

use std::fmt::Write;

const TEXTS: &str = "Alias DisplayName Name DistinguishedName Identity Id OriginatingServer ServerName Database \
    PrimarySmtpAddress WindowsEmailAddress UserPrincipalName SamAccountName LegacyExchangeDN OrganizationalUnit \
    Office CustomAttribute1 CustomAttribute2 CustomAttribute3 CustomAttribute4 CustomAttribute5 CustomAttribute6 \
    CustomAttribute7 CustomAttribute8 CustomAttribute9 CustomAttribute10 CustomAttribute11 CustomAttribute12 \
    CustomAttribute13 CustomAttribute14 CustomAttribute15 SimpleDisplayName ObjectCategory OrganizationId \
    ExchangeVersion AdminDisplayVersion RetainDeletedItemsFor ProhibitSendQuota ProhibitSendReceiveQuota \
    IssueWarningQuota RulesQuota ArchiveQuota ArchiveWarningQuota CalendarLoggingQuota RecoverableItemsQuota \
    RecoverableItemsWarningQuota MaxSendSize MaxReceiveSize RecipientType RecipientTypeDetails \
    RemoteRecipientType ExchangeUserAccountControl AddressBookPolicy RetentionPolicy SharingPolicy \
    RoleAssignmentPolicy ExternalOofOptions MessageCopyForSentAs ImmutableId";
const NULLS: &str = "MailboxProvisioningConstraint MailboxRegion MailboxRegionLastUpdateTime MailboxMoveTargetMDB \
    MailboxMoveSourceMDB MailboxMoveRemoteHostName ForwardingAddress ForwardingSmtpAddress ResourceCapacity \
    ResourceType RoomMailboxAccountEnabled LitigationHoldDate LitigationHoldOwner ElcExpirationSuspensionEndDate \
    ElcExpirationSuspensionStartDate RetentionComment RetentionUrl ManagedFolderMailboxPolicy StsRefreshTokensValidFrom \
    ReconciliationId";
const FLAGS: &str = "UseDatabaseRetentionDefaults RetainDeletedItemsUntilBackup DeliverToMailboxAndForward \
    IsExcludedFromServingHierarchy IsHierarchyReady IsHierarchySyncEnabled HasSnackyAppData LitigationHoldEnabled \
    SingleItemRecoveryEnabled RetentionHoldEnabled IsResource IsLinked IsShared IsRootPublicFolderMailbox \
    IsSoftDeletedByRemove IsSoftDeletedByDisable IsInactiveMailbox IncludeInGarbageCollection IsMachineToPersonTextMessagingEnabled \
    CalendarRepairDisabled MessageTrackingReadStatusEnabled AntispamBypassEnabled UMEnabled IsMonitoringMailbox \
    IsDirSynced QueryBaseDNRestrictionEnabled EmailAddressPolicyEnabled HiddenFromAddressListsEnabled ModerationEnabled \
    RequireSenderAuthenticationEnabled IsValid CalendarVersionStoreDisabled AuditEnabled AccountDisabled SKUAssigned";
const NUMBERS: &str = "SCLDeleteThreshold SCLRejectThreshold SCLQuarantineThreshold SCLJunkThreshold RecipientLimits \
    LanguageCount MaxSafeSenders MaxBlockedSenders";
const DATES: &str = "WhenMailboxCreated WhenChanged WhenCreated WhenChangedUTC WhenCreatedUTC LastExchangeChangedTime";
const GUIDS: &str = "Guid ExchangeGuid ArchiveGuid ExchangeObjectId";
const SPANS: &str = "EndDateForRetentionHold AuditLogAgeLimit StartDateForRetentionHold MailboxMoveBatchAge";
const LISTS: &str = "EmailAddresses PoliciesIncluded PoliciesExcluded Extensions MailTipTranslations ModeratedBy \
    AcceptMessagesOnlyFrom AcceptMessagesOnlyFromDLMembers AddressListMembership AdministrativeUnits BypassModerationFrom \
    GrantSendOnBehalfTo RejectMessagesFrom RejectMessagesFromDLMembers ObjectClass ExtensionCustomAttribute1 \
    ExtensionCustomAttribute2 InPlaceHolds AuditAdmin AuditDelegate Languages";

/// A small generator of numbers that look random.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// One mailbox. Irregular ones have nulls, lengths of lists and therefore reference numbers that differ.
pub fn mailbox(number: u64, irregular: bool) -> Vec<u8> {
    let mut dice = Dice(number.wrapping_mul(0x9E37_79B9) + 7);
    let mut body = Body { out: String::with_capacity(12_000), next: 1, list_types_known: false };
    body.out.push_str(
        "<Obj RefId=\"0\"><TN RefId=\"0\"><T>Deserialized.Microsoft.Exchange.Data.Directory.Management.Mailbox</T>\
         <T>Deserialized.Microsoft.Exchange.Data.Directory.Management.MailEnabledOrgPerson</T>\
         <T>Deserialized.System.Object</T></TN>",
    );
    let _ = write!(body.out, "<ToString>user{number:06}</ToString><Props>");
    let groups = [TEXTS, NULLS, FLAGS, NUMBERS, DATES, GUIDS, SPANS, LISTS].map(|names| names.split_whitespace());
    let mut groups = groups.map(Iterator::peekable);
    let mut place = 0;
    // the kinds are mixed, as an alphabet mixes them
    while groups.iter_mut().any(|group| group.peek().is_some()) {
        let group = place * 5 % 8;
        place += 1;
        let Some(name) = groups[group].next() else { continue };
        body.property(group, name, number, irregular, &mut dice);
    }
    body.out.push_str("</Props></Obj>");
    body.out.into_bytes()
}

struct Body {
    out: String,
    next: u64,
    list_types_known: bool,
}

impl Body {
    fn property(&mut self, group: usize, name: &str, number: u64, irregular: bool, dice: &mut Dice) {
        let out = &mut self.out;
        let _ = match group {
            0 if irregular && dice.roll(12) == 0 => write!(out, "<Nil N=\"{name}\" />"),
            0 => match dice.roll(4) {
                0 => write!(out, "<S N=\"{name}\">user{number:06}@contoso.com</S>"),
                1 => write!(out, "<S N=\"{name}\">49.5 GB (53,150,220,288 bytes)</S>"),
                2 if irregular && dice.roll(10) == 0 => {
                    write!(out, "<S N=\"{name}\">R&amp;D K\u{f6}ln_x000A_{number}</S>")
                }
                2 => write!(out, "<S N=\"{name}\">contoso.com/Users/Team {}/user{number:06}</S>", dice.roll(90)),
                _ => write!(out, "<S N=\"{name}\"></S>"),
            },
            1 if irregular && dice.roll(12) == 0 => write!(out, "<S N=\"{name}\">set {number}</S>"),
            1 => write!(out, "<Nil N=\"{name}\" />"),
            2 => write!(out, "<B N=\"{name}\">{}</B>", dice.roll(3) == 0),
            3 => write!(out, "<I32 N=\"{name}\">{}</I32>", dice.roll(500)),
            4 => write!(
                out,
                "<DT N=\"{name}\">2026-0{}-1{}T08:1{}:42.1234567Z</DT>",
                dice.roll(9) + 1,
                dice.roll(9),
                dice.roll(9)
            ),
            5 => write!(out, "<G N=\"{name}\">6f0c2b7e-91d4-4c55-8a3e-0d7b{:08x}</G>", number + dice.roll(1000)),
            6 => write!(out, "<S N=\"{name}\">{}.00:00:00</S>", dice.roll(90)),
            _ => return self.list(name, number, irregular, dice),
        };
    }

    fn list(&mut self, name: &str, number: u64, irregular: bool, dice: &mut Dice) {
        if irregular && dice.roll(10) == 0 {
            let _ = write!(self.out, "<Nil N=\"{name}\" />");
            return;
        }
        let _ = write!(self.out, "<Obj N=\"{name}\" RefId=\"{}\">", self.next);
        self.next += 1;
        self.out.push_str(if self.list_types_known {
            "<TNRef RefId=\"1\" />"
        } else {
            "<TN RefId=\"1\"><T>System.Collections.ArrayList</T><T>System.Object</T></TN>"
        });
        self.list_types_known = true;
        let items = if irregular { dice.roll(5) } else { 2 };
        if items == 0 {
            self.out.push_str("<LST /></Obj>");
            return;
        }
        self.out.push_str("<LST>");
        for item in 0..items {
            let _ = write!(self.out, "<S>smtp:user{number:06}.{item}@contoso.onmicrosoft.com</S>");
        }
        self.out.push_str("</LST></Obj>");
    }
}

/// The metadata of one cmdlet: a dictionary of parameters, objects in objects.
pub fn cmdlet(number: u64) -> Vec<u8> {
    let mut dice = Dice(number + 77);
    let mut out = String::with_capacity(20_000);
    let mut next = 1;
    out.push_str(
        "<Obj RefId=\"0\"><TN RefId=\"0\"><T>Selected.System.Management.Automation.CmdletInfo</T>\
         <T>System.Management.Automation.PSCustomObject</T><T>System.Object</T></TN><MS>",
    );
    let _ = write!(
        out,
        "<S N=\"Name\">Get-Thing{number}</S><S N=\"Namespace\">Contoso.Management</S><S N=\"HelpUri\"></S>\
         <Obj N=\"CommandType\" RefId=\"1\"><TN RefId=\"1\"><T>System.Management.Automation.CommandTypes</T><T>System.Enum</T>\
         <T>System.ValueType</T><T>System.Object</T></TN><ToString>Cmdlet</ToString><I32>8</I32></Obj>\
         <Nil N=\"ResolvedCommandName\" /><Obj N=\"Parameters\" RefId=\"2\"><TN RefId=\"2\"><T>System.Collections.Hashtable</T>\
         <T>System.Object</T></TN><DCT>"
    );
    next += 2;
    for parameter in 0..12 + dice.roll(10) {
        let _ = write!(out, "<En><S N=\"Key\">Parameter{parameter}</S><Obj N=\"Value\" RefId=\"{next}\">");
        next += 1;
        out.push_str(if parameter == 0 {
            "<TN RefId=\"3\"><T>System.Management.Automation.ParameterMetadata</T><T>System.Object</T></TN>"
        } else {
            "<TNRef RefId=\"3\" />"
        });
        let _ = write!(
            out,
            "<ToString>System.Management.Automation.ParameterMetadata</ToString><Props><S N=\"Name\">Parameter{parameter}</S>\
             <S N=\"ParameterType\">System.String</S><Obj N=\"ParameterSets\" RefId=\"{next}\">"
        );
        next += 1;
        out.push_str(if parameter == 0 {
            "<TN RefId=\"4\"><T>System.Collections.Generic.Dictionary`2[[System.String],[System.Object]]</T><T>System.Object</T></TN>"
        } else {
            "<TNRef RefId=\"4\" />"
        });
        let _ = write!(
            out,
            "<DCT><En><S N=\"Key\">__AllParameterSets</S><S N=\"Value\">System.Management.Automation.ParameterSetMetadata</S></En>\
             </DCT></Obj><B N=\"IsDynamic\">false</B><Obj N=\"Aliases\" RefId=\"{next}\">"
        );
        next += 1;
        out.push_str(if parameter == 0 {
            "<TN RefId=\"5\"><T>System.Collections.ObjectModel.Collection`1[[System.String]]</T><T>System.Object</T></TN>"
        } else {
            "<TNRef RefId=\"5\" />"
        });
        out.push_str("<LST><S>Alias</S></LST></Obj>");
        let _ = write!(
            out,
            "<Obj N=\"Attributes\" RefId=\"{next}\"><TNRef RefId=\"5\" /><LST>\
             <S>System.Management.Automation.ParameterAttribute</S><S>System.Management.Automation.ArgumentTypeConverterAttribute</S>\
             </LST></Obj><B N=\"SwitchParameter\">false</B></Props></Obj></En>"
        );
        next += 1;
    }
    out.push_str("</DCT></Obj></MS></Obj>");
    out.into_bytes()
}

/// What comes before the metadata of cmdlets: how many there are.
pub fn count(cmdlets: u64) -> Vec<u8> {
    format!(
        "<Obj RefId=\"0\"><TN RefId=\"0\"><T>Selected.Microsoft.PowerShell.Commands.GenericMeasureInfo</T>\
         <T>System.Management.Automation.PSCustomObject</T><T>System.Object</T></TN><MS><I32 N=\"Count\">{cmdlets}</I32></MS></Obj>"
    )
    .into_bytes()
}

/// A mailbox of the regular kind, as the server's answers have it.
pub fn regular_mailbox(number: u64) -> Vec<u8> {
    mailbox(number, false)
}
