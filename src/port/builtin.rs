//! The commands of PowerShell itself that have a counterpart: their parameters, and the short names people write.
//!
//! The work is done by `script::ps`, whose commands take their parameters from this table.

/// Name and parameters: `Name@0` takes the first argument without a name, `!` is a switch, `^` takes piped objects,
/// `~` the rest of the arguments, and other names follow `=`.
pub const COMMANDS: &[(&str, &str)] = &[
    ("Add-Content", "Path@0=PSPath Value@1^ LiteralPath Encoding Force! NoNewline! PassThru! AsByteStream!"),
    (
        "Add-Member",
        "MemberType@0=Type Name@1 Value@2 SecondValue@3 InputObject^ NotePropertyName NotePropertyValue NotePropertyMembers TypeName PassThru! Force!",
    ),
    ("Add-PSSnapin", "Name@0"),
    (
        "Add-Type",
        "TypeDefinition@0 AssemblyName Language MemberDefinition Name Namespace Path PassThru! ReferencedAssemblies",
    ),
    ("Clear-Content", "Path@0=PSPath LiteralPath Force!"),
    ("Clear-Host", ""),
    ("Clear-Variable", "Name@0 Scope Force! PassThru!"),
    (
        "Compare-Object",
        "ReferenceObject@0 DifferenceObject@1^ Property IncludeEqual! ExcludeDifferent! PassThru! CaseSensitive! SyncWindow Culture",
    ),
    ("Compress-Archive", "Path@0^ DestinationPath@1 LiteralPath CompressionLevel Update! Force! PassThru!"),
    ("Convert-Path", "Path@0^=PSPath LiteralPath"),
    ("ConvertFrom-Csv", "InputObject@0^ Delimiter@1 Header UseCulture!"),
    ("ConvertFrom-Json", "InputObject@0^ AsHashtable! Depth NoEnumerate! DateKind"),
    ("ConvertFrom-SecureString", "SecureString@0^ AsPlainText! Key"),
    ("ConvertFrom-StringData", "StringData@0^ Delimiter@1"),
    (
        "ConvertTo-Csv",
        "InputObject@0^ Delimiter@1 NoTypeInformation!=NTI IncludeTypeInformation!=ITI QuoteFields UseQuotes UseCulture! NoHeader!",
    ),
    (
        "ConvertTo-Html",
        "Property@0 Head@1 Title@2 Body@3 InputObject^ As CssUri PostContent PreContent Fragment! Charset Meta Transitional!",
    ),
    ("ConvertTo-Json", "InputObject@0^ Depth Compress! AsArray! EnumsAsStrings! EscapeHandling"),
    ("ConvertTo-SecureString", "String@0^ AsPlainText! Force! Key SecureKey"),
    ("ConvertTo-Xml", "InputObject@0^ Depth NoTypeInformation! As"),
    ("Copy-Item", "Path@0^=PSPath Destination@1 LiteralPath Recurse! Force! PassThru! Filter"),
    ("Enter-PSSession", "ComputerName@0 Session"),
    ("Exit-PSSession", ""),
    ("Expand-Archive", "Path@0^ DestinationPath@1 LiteralPath Force! PassThru!"),
    ("Export-Clixml", "Path@0 Depth InputObject^ Force! NoClobber! Encoding LiteralPath"),
    (
        "Export-Csv",
        "Path@0=PSPath Delimiter@1 InputObject^ NoTypeInformation!=NTI IncludeTypeInformation!=ITI Append! Force! NoClobber! Encoding QuoteFields UseQuotes UseCulture! LiteralPath NoHeader!",
    ),
    (
        "Export-Excel",
        "Path@0 InputObject^ WorksheetName AutoSize! AutoFilter! BoldTopRow! FreezeTopRow! TableName TableStyle Title TitleBold! TitleSize TitleFillPattern TitleBackgroundColor ClearSheet! Append! Show! NoNumberConversion ExcelPackage PassThru! AutoNameRange! RangeName FreezeFirstColumn! FreezeTopRowFirstColumn! FreezePane Password StartRow StartColumn NoHeader! Numberformat MaxAutoSizeRows MoveToStart! MoveToEnd! ConditionalText ConditionalFormat IncludePivotTable! PivotTableName PivotRows PivotColumns PivotData IncludePivotChart! ChartType Style CellStyleSB ReturnRange! KillExcel!",
    ),
    (
        "ForEach-Object",
        "Process@0~ Begin End RemainingScripts InputObject^ MemberName ArgumentList=Args Parallel ThrottleLimit",
    ),
    (
        "Format-Custom",
        "Property@0 AutoSize! Wrap! HideTableHeaders! GroupBy InputObject^ View ShowError! DisplayError! Force! Expand Column RepeatHeader! Depth",
    ),
    ("Format-Hex", "Path@0 InputObject^ LiteralPath=PSPath Encoding Count Offset Raw!"),
    (
        "Format-List",
        "Property@0 AutoSize! Wrap! HideTableHeaders! GroupBy InputObject^ View ShowError! DisplayError! Force! Expand Column RepeatHeader! Depth",
    ),
    (
        "Format-Table",
        "Property@0 AutoSize! Wrap! HideTableHeaders! GroupBy InputObject^ View ShowError! DisplayError! Force! Expand Column RepeatHeader! Depth",
    ),
    (
        "Format-Wide",
        "Property@0 AutoSize! Wrap! HideTableHeaders! GroupBy InputObject^ View ShowError! DisplayError! Force! Expand Column RepeatHeader! Depth",
    ),
    ("Get-Alias", "Name@0^ Definition Scope Exclude"),
    (
        "Get-ChildItem",
        "Path@0^=PSPath Filter@1 LiteralPath Recurse! File! Directory! Force! Name! Include Exclude Depth Hidden!",
    ),
    ("Get-CimInstance", "ClassName@0 ComputerName Filter Namespace Property Query"),
    ("Get-Command", "Name@0 Module CommandType All! Syntax! Noun Verb"),
    (
        "Get-Content",
        "Path@0^=PSPath LiteralPath Raw! TotalCount=First,Head Tail=Last Encoding ReadCount Delimiter Wait! AsByteStream! Stream",
    ),
    ("Get-Credential", "Credential@0 Message UserName Title"),
    ("Get-Culture", "Name@0 ListAvailable!"),
    (
        "Get-Date",
        "Date@0^=LastWriteTime Format Year Month Day Hour Minute Second Millisecond UFormat DisplayHint AsUTC! UnixTimeSeconds",
    ),
    ("Get-EventLog", "A@0~ InputObject^"),
    ("Get-ExecutionPolicy", "Scope List!"),
    ("Get-Help", "Name@0^ Parameter Full! Detailed! Examples! Online! ShowWindow! Category Path"),
    ("Get-FileHash", "Path@0^=PSPath Algorithm@1 LiteralPath InputStream"),
    ("Get-Host", ""),
    ("Get-Item", "Path@0^=PSPath LiteralPath Force! Filter Include Exclude"),
    ("Get-ItemProperty", "Path@0^=PSPath Name@1 LiteralPath Filter Include Exclude"),
    ("Get-ItemPropertyValue", "Path@0^=PSPath Name@1 LiteralPath Filter Include Exclude"),
    ("Get-Job", "Id@0 Name State"),
    ("Get-Location", "PSProvider PSDrive Stack!"),
    ("Get-Member", "Name@0 InputObject^ MemberType=Type Static! View Force!"),
    ("Get-Module", "Name@0^ ListAvailable! All! FullyQualifiedName Refresh!"),
    ("Get-Process", "Name@0 Id ComputerName"),
    ("Get-PSDrive", "Name@0 PSProvider"),
    ("Get-PSSession", "Name@0 ComputerName Id State ConfigurationName ConnectionUri InstanceId"),
    ("Get-PSSnapin", "Name@0 Registered!"),
    ("Get-Random", "InputObject@0^ Minimum Maximum Count SetSeed Shuffle!"),
    ("Get-SecureRandom", "InputObject@0^ Minimum Maximum Count Shuffle!"),
    ("Get-Service", "Name@0 ComputerName DisplayName Include InputObject^"),
    ("Get-TimeZone", "Name@0 Id ListAvailable!"),
    ("Get-TypeData", "TypeName@0^"),
    ("Get-UICulture", ""),
    ("Get-Unique", "InputObject^ AsString! OnType! CaseInsensitive!"),
    ("Get-Variable", "Name@0^ ValueOnly! Scope Include Exclude"),
    ("Get-WinEvent", "A@0~ InputObject^"),
    ("Get-WmiObject", "Class@0 ComputerName Filter Namespace Property Query Credential"),
    ("Group-Object", "Property@0 NoElement! AsHashTable! AsString! InputObject^ CaseSensitive! Culture"),
    ("Import-Clixml", "Path@0^=PSPath LiteralPath First Skip IncludeTotalCount!"),
    ("Import-Csv", "Path@0^=PSPath Delimiter@1 Header Encoding UseCulture! LiteralPath"),
    (
        "Import-Module",
        "Name@0^ Force! Prefix Global! PassThru! DisableNameChecking! MinimumVersion RequiredVersion SkipEditionCheck! UseWindowsPowerShell! NoClobber! Scope Function Cmdlet",
    ),
    ("Import-PowerShellDataFile", "Path@0^=PSPath LiteralPath SkipLimitCheck!"),
    (
        "Import-PSSession",
        "Session@0^ CommandName@1=Name FormatTypeName@2 DisableNameChecking! AllowClobber! Prefix CommandType Module ArgumentList Certificate",
    ),
    (
        "Install-Module",
        "Name@0 Force! AllowClobber! Scope Repository RequiredVersion MinimumVersion SkipPublisherCheck! AcceptLicense! AllowPrerelease! Confirm!",
    ),
    (
        "Invoke-Command",
        "ScriptBlock@0 ComputerName ArgumentList=Args Session Credential InputObject^ ConnectionUri ConfigurationName NoNewScope!",
    ),
    ("Invoke-Expression", "Command@0^"),
    ("Invoke-Item", "Path@0^"),
    (
        "Invoke-RestMethod",
        "Uri@0 Method Headers Body OutFile UseBasicParsing! Credential ContentType TimeoutSec FollowRelLink! Authentication Token",
    ),
    (
        "Invoke-WebRequest",
        "Uri@0 Method Headers Body OutFile UseBasicParsing! Credential ContentType TimeoutSec Proxy SessionVariable WebSession UserAgent PassThru!",
    ),
    ("Join-Path", "Path@0^=PSPath ChildPath@1 AdditionalChildPath@2~ Resolve!"),
    (
        "Join-String",
        "Property@0 Separator@1 OutputPrefix=op OutputSuffix=os SingleQuote! DoubleQuote! FormatString UseCulture! InputObject^",
    ),
    ("Measure-Command", "Expression@0 InputObject^"),
    (
        "Measure-Object",
        "Property@0 InputObject^ Sum! Average! Maximum! Minimum! StandardDeviation! AllStats! Line! Word! Character! IgnoreWhiteSpace!",
    ),
    ("Move-Item", "Path@0^=PSPath Destination@1 LiteralPath Force! PassThru!"),
    ("New-Alias", "Name@0 Value@1 Scope Option Force! Description PassThru!"),
    ("New-Guid", ""),
    ("New-Item", "Path@0 Name ItemType=Type Value@1^ Force! Target"),
    ("New-Object", "TypeName@0 ArgumentList@1=Args Property ComObject Strict!"),
    (
        "New-PSSession",
        "ComputerName@0 ConfigurationName ConnectionUri=URI Credential Authentication AllowRedirection! SessionOption Name UseSSL! Port ThrottleLimit CertificateThumbprint EnableNetworkAccess!",
    ),
    (
        "New-PSSessionOption",
        "SkipCACheck! SkipCNCheck! SkipRevocationCheck! ProxyAccessType OperationTimeout=OperationTimeoutMSec IdleTimeout=IdleTimeoutMSec OpenTimeout=OpenTimeoutMSec CancelTimeout=CancelTimeoutMSec ProxyAuthentication ProxyCredential NoCompression! NoEncryption! NoMachineProfile! UseUTF16! IncludePortInSPN! Culture UICulture MaximumRedirection MaximumReceivedDataSizePerCommand MaximumReceivedObjectSize MaxConnectionRetryCount OutputBufferingMode ApplicationArguments",
    ),
    ("New-TemporaryFile", ""),
    ("New-TimeSpan", "Start@0^=LastWriteTime End@1 Days Hours Minutes Seconds Milliseconds"),
    ("New-Variable", "Name@0 Value@1 Scope Option Force! PassThru! Description Visibility"),
    ("Out-Default", "InputObject^ Transcript!"),
    ("Out-File", "FilePath@0=Path,LiteralPath Encoding@1 InputObject^ Append! Force! NoClobber! NoNewline! Width"),
    ("Out-GridView", "InputObject^ Title PassThru! OutputMode Wait!"),
    ("Out-Host", "InputObject^ Paging!"),
    ("Out-Null", "InputObject^"),
    ("Out-String", "InputObject^ Stream! Width NoNewline!"),
    ("Pop-Location", ""),
    ("Push-Location", "Path@0^=PSPath LiteralPath"),
    ("Read-Host", "Prompt@0~ AsSecureString! MaskInput!"),
    ("pause", ""),
    ("Receive-Job", "A@0~ InputObject^"),
    ("Register-ObjectEvent", "A@0~ InputObject^"),
    ("Remove-Alias", "Name@0^ Scope Force!"),
    ("Remove-Item", "Path@0^=PSPath LiteralPath Recurse! Force! Filter Include Exclude"),
    ("Remove-Job", "A@0~ InputObject^"),
    ("Remove-Module", "Name@0^ Force!"),
    ("Remove-PSSession", "Session@0^ Id Name ComputerName InstanceId"),
    ("Remove-TypeData", "TypeName@0^ Path TypeData"),
    ("Remove-Variable", "Name@0 Scope Force!"),
    ("Rename-Item", "Path@0^=PSPath NewName@1 LiteralPath Force! PassThru!"),
    ("Resolve-Path", "Path@0^=PSPath LiteralPath Relative!"),
    ("Restart-Service", "Name@0 InputObject^ Force! PassThru!"),
    (
        "Select-Object",
        "Property@0 InputObject^ First Last Skip SkipLast Unique! ExpandProperty ExcludeProperty Index SkipIndex Wait! CaseInsensitive!",
    ),
    (
        "Select-String",
        "Pattern@0 Path@1 InputObject^ SimpleMatch! CaseSensitive! Quiet! List! AllMatches! NotMatch! Context Raw! LiteralPath",
    ),
    ("Select-Xml", "XPath@0 Xml@1^=Node Path LiteralPath Content Namespace"),
    (
        "Send-MailMessage",
        "To@0 Subject@1=sub Body@2 SmtpServer@3=ComputerName From Cc Bcc Attachments^=PsPath BodyAsHtml!=BAH Credential UseSsl! Port Priority Encoding=BE ReplyTo DeliveryNotificationOption=DNO",
    ),
    ("Set-Alias", "Name@0 Value@1 Scope Option Force! Description PassThru!"),
    ("Set-Content", "Path@0=PSPath Value@1^ LiteralPath Encoding Force! NoNewline! PassThru! AsByteStream!"),
    ("Set-ExecutionPolicy", "ExecutionPolicy@0 Scope@1 Force! Confirm!"),
    ("Set-Item", "Path@0^=PSPath Value@1 LiteralPath Force! PassThru!"),
    ("Set-ItemProperty", "Path@0^=PSPath Name@1 Value@2 LiteralPath Force! PassThru! Filter Include Exclude"),
    ("Set-Location", "Path@0^=PSPath LiteralPath PassThru!"),
    ("Set-PSDebug", "Trace Step! Strict! Off!"),
    ("Set-Service", "Name@0 StartupType Status InputObject^"),
    ("Set-StrictMode", "Version Off!"),
    ("Set-Variable", "Name@0 Value@1^ Scope Option Force! PassThru! Description Visibility"),
    ("Sort-Object", "Property@0 Descending! Unique! InputObject^ CaseSensitive! Culture Stable! Top Bottom"),
    (
        "Split-Path",
        "Path@0^=PSPath LiteralPath Parent! Leaf! LeafBase! Extension! Qualifier! NoQualifier! IsAbsolute! Resolve!",
    ),
    ("Start-Job", "ScriptBlock@0 Name ArgumentList InitializationScript FilePath"),
    (
        "Start-Process",
        "FilePath@0 ArgumentList@1 Wait! PassThru! Verb WindowStyle NoNewWindow! WorkingDirectory Credential",
    ),
    ("Start-Service", "Name@0 InputObject^ PassThru!"),
    ("Start-Sleep", "Seconds@0^ Milliseconds=m,ms Duration"),
    ("Start-Transcript", "Path@0 Append! Force! NoClobber! IncludeInvocationHeader! LiteralPath"),
    ("Stop-Process", "Id@0 Name Force! PassThru! InputObject^"),
    ("Stop-Service", "Name@0 InputObject^ Force! PassThru!"),
    ("Stop-Transcript", ""),
    ("Tee-Object", "FilePath@0 InputObject^ Variable Append! LiteralPath"),
    ("Test-Connection", "TargetName@0=ComputerName Count Quiet! Delay"),
    ("Test-Json", "Json@0^ Schema SchemaFile Path LiteralPath Options"),
    ("Test-Path", "Path@0^=PSPath LiteralPath PathType=Type IsValid! Filter Include Exclude OlderThan NewerThan"),
    ("Unblock-File", "Path@0^ LiteralPath"),
    ("Uninstall-Module", "Name@0 Force! AllVersions!"),
    ("Update-FormatData", "A@0~ InputObject^"),
    ("Update-Module", "Name@0 Force! Confirm!"),
    (
        "Update-TypeData",
        "TypeName MemberType MemberName Value SecondValue Force! DefaultDisplayPropertySet DefaultDisplayProperty DefaultKeyPropertySet AppendPath@0 PrependPath",
    ),
    ("Wait-Job", "A@0~ InputObject^"),
    ("Wait-Process", "A@0~ InputObject^"),
    (
        "Where-Object",
        "Property@0=FilterScript Value@1 InputObject^ EQ! NE! GT! GE! LT! LE! Like! NotLike! Match! NotMatch! Contains! NotContains! In! NotIn! Is! IsNot! Not! CEQ! CNE! CGT! CGE! CLT! CLE! CLike! CNotLike! CMatch! CNotMatch! CIn! CNotIn! CContains! CNotContains!",
    ),
    ("Write-Debug", "Message@0^=Msg"),
    (
        "Write-Error",
        "Message@0^=Msg Exception Category ErrorId TargetObject ErrorRecord RecommendedAction CategoryActivity=Activity CategoryReason=Reason CategoryTargetName=TargetName CategoryTargetType=TargetType",
    ),
    ("Write-EventLog", "A@0~ InputObject^"),
    ("Write-Host", "Object@0^~=Msg,Message NoNewline! Separator ForegroundColor BackgroundColor"),
    ("Write-Information", "MessageData@0^=Msg,Message Tags@1"),
    ("Write-Output", "InputObject@0^~ NoEnumerate!"),
    (
        "Write-Progress",
        "Activity@0 Status@1 Id@2 PercentComplete SecondsRemaining CurrentOperation ParentId Completed! SourceId",
    ),
    ("Write-Verbose", "Message@0^=Msg"),
    ("Write-Warning", "Message@0^=Msg"),
];

/// The parameters of a command, in the spelling of [`COMMANDS`]; known when the program is compiled.
///
/// # Panics
/// When there is no such command, which then is an error of the compiler.
#[must_use]
#[allow(clippy::panic, reason = "it ends the compilation, never the program")]
pub(crate) const fn parameters(name: &str) -> &'static str {
    let mut at = 0;
    while at < COMMANDS.len() {
        if is_same(COMMANDS[at].0, name) {
            return COMMANDS[at].1;
        }
        at += 1;
    }
    panic!("the command is not in the table of `port`")
}

const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// Other names of commands; true for those that exist on Windows only.
pub const ALIASES: &[(&str, &str, bool)] = &[
    ("?", "Where-Object", false),
    ("where", "Where-Object", false),
    ("%", "ForEach-Object", false),
    ("foreach", "ForEach-Object", false),
    ("select", "Select-Object", false),
    ("group", "Group-Object", false),
    ("measure", "Measure-Object", false),
    ("sort", "Sort-Object", true),
    ("compare", "Compare-Object", true),
    ("diff", "Compare-Object", true),
    ("tee", "Tee-Object", true),
    ("ft", "Format-Table", false),
    ("fl", "Format-List", false),
    ("fw", "Format-Wide", false),
    ("fc", "Format-Custom", false),
    ("fhx", "Format-Hex", false),
    ("gm", "Get-Member", false),
    ("gc", "Get-Content", false),
    ("type", "Get-Content", true),
    ("cat", "Get-Content", true),
    ("sc", "Set-Content", true),
    ("ac", "Add-Content", true),
    ("clc", "Clear-Content", false),
    ("gi", "Get-Item", false),
    ("gci", "Get-ChildItem", false),
    ("dir", "Get-ChildItem", false),
    ("ls", "Get-ChildItem", true),
    ("ni", "New-Item", false),
    ("mkdir", "New-Item", false),
    ("md", "New-Item", false),
    ("ri", "Remove-Item", false),
    ("rm", "Remove-Item", true),
    ("del", "Remove-Item", false),
    ("erase", "Remove-Item", false),
    ("rd", "Remove-Item", false),
    ("cpi", "Copy-Item", false),
    ("copy", "Copy-Item", false),
    ("cp", "Copy-Item", true),
    ("mi", "Move-Item", false),
    ("move", "Move-Item", false),
    ("mv", "Move-Item", true),
    ("rni", "Rename-Item", false),
    ("ren", "Rename-Item", false),
    ("cd", "Set-Location", false),
    ("sl", "Set-Location", false),
    ("chdir", "Set-Location", false),
    ("pwd", "Get-Location", false),
    ("gl", "Get-Location", false),
    ("echo", "Write-Output", false),
    ("write", "Write-Output", true),
    ("cls", "Clear-Host", false),
    ("clear", "Clear-Host", true),
    ("sleep", "Start-Sleep", true),
    ("iex", "Invoke-Expression", false),
    ("icm", "Invoke-Command", false),
    ("ipcsv", "Import-Csv", false),
    ("epcsv", "Export-Csv", false),
    ("ogv", "Out-GridView", true),
    ("oh", "Out-Host", false),
    ("gv", "Get-Variable", false),
    ("sv", "Set-Variable", false),
    ("rv", "Remove-Variable", false),
    ("nv", "New-Variable", false),
    ("sal", "Set-Alias", false),
    ("gal", "Get-Alias", false),
    ("gcm", "Get-Command", false),
    ("ipmo", "Import-Module", false),
    ("gmo", "Get-Module", false),
    ("gu", "Get-Unique", false),
    ("sls", "Select-String", false),
    ("iwr", "Invoke-WebRequest", false),
    ("irm", "Invoke-RestMethod", false),
    ("rvpa", "Resolve-Path", false),
    ("nsn", "New-PSSession", false),
    ("ipsn", "Import-PSSession", false),
    ("rsn", "Remove-PSSession", false),
];

/// A parameter of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Other names, separated by commas.
    pub aliases: &'static str,
    /// Its place among arguments without a name.
    pub position: Option<usize>,
    /// Whether it is on when merely named.
    pub switch: bool,
    /// Whether it takes all remaining arguments.
    pub remaining: bool,
}

/// A command by its name or short name, in full, with its parameters.
#[must_use]
pub fn find(name: &str) -> Option<(&'static str, Vec<Parameter>)> {
    let full = full_name(name);
    COMMANDS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(full))
        .map(|(known, notation)| (*known, notation.split_whitespace().map(Parameter::read).collect()))
}

/// What a short name stands for; other names stay.
#[must_use]
pub fn full_name(name: &str) -> &str {
    ALIASES.iter().find(|(short, ..)| short.eq_ignore_ascii_case(name)).map_or(name, |(_, full, _)| full)
}

impl Parameter {
    fn read(word: &'static str) -> Self {
        let (word, aliases) = word.split_once('=').unwrap_or((word, ""));
        let end = word.find(['@', '!', '^', '~']).unwrap_or(word.len());
        let (name, marks) = word.split_at(end);
        let position = marks.find('@').and_then(|at| marks.get(at + 1..at + 2)).and_then(|digit| digit.parse().ok());
        Self { name, aliases, position, switch: marks.contains('!'), remaining: marks.contains('~') }
    }

    /// Whether `text` is its name or another name of it.
    #[must_use]
    pub fn is_named(&self, text: &str) -> bool {
        self.name.eq_ignore_ascii_case(text) || self.aliases.split(',').any(|alias| alias.eq_ignore_ascii_case(text))
    }

    /// Whether `text` begins its name.
    #[must_use]
    pub fn begins_with(&self, text: &str) -> bool {
        self.name.get(..text.len()).is_some_and(|head| head.eq_ignore_ascii_case(text))
    }
}
