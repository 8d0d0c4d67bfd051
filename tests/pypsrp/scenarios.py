"""What pypsrp does against the simulator, one function a scenario; an assertion that fails ends with exit code 1.

Usage: scenarios.py SCENARIO URL USER PASSWORD
"""

import sys
import warnings
from urllib.parse import urlparse

from pypsrp.complex_objects import CommandType, ObjectMeta, PSInvocationState, RunspacePoolState
from pypsrp.exceptions import AuthenticationError, InvalidPSRPOperation
from pypsrp.messages import GetCommandMetadata
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.wsman import WSMan

warnings.filterwarnings("ignore")


def connection(url, user, password):
    parts = urlparse(url)
    return WSMan(
        parts.hostname,
        port=parts.port,
        path=parts.path.strip("/"),
        ssl=parts.scheme == "https",
        auth="basic",
        username=user,
        password=password,
        encryption="never",
        cert_validation=False,
    )


def pool(wsman):
    return RunspacePool(wsman, configuration_name="Microsoft.Exchange")


def cmdlet(runspaces, name, **parameters):
    shell = PowerShell(runspaces)
    shell.add_cmdlet(name)
    shell.add_parameters(parameters)
    return shell


def property_of(value, name):
    return value.adapted_properties.get(name, value.extended_properties.get(name))


def open_and_close(wsman):
    with wsman, pool(wsman) as runspaces:
        assert runspaces.state == RunspacePoolState.OPENED
        private = runspaces.application_private_data.data
        assert "PSVersionTable" in private, private
        found = cmdlet(runspaces, "Get-Mailbox", Identity="alice").invoke()
        assert [property_of(m, "Alias") for m in found] == ["alice"]
        assert found[0].types[0] == "Microsoft.Exchange.Data.Directory.Management.Mailbox", found[0].types
        assert str(found[0]) == "contoso.com/Users/Alice Archer"


def metadata(wsman):
    with wsman, pool(wsman) as runspaces:
        shell = cmdlet(runspaces, "Get-Command", Name=["*-Mailbox"], CommandType=CommandType(value=CommandType.ALL))
        shell.add_cmdlet("Select-Object").add_parameter("Property", ["Name", "CommandType", "Parameters"])
        commands = shell.invoke()
        names = [property_of(command, "Name") for command in commands]
        assert "Get-Mailbox" in names and "Set-Mailbox" in names, names
        parameters = property_of(commands[names.index("Get-Mailbox")], "Parameters")
        assert "Identity" in parameters and "ErrorAction" in parameters
        views = cmdlet(runspaces, "Get-FormatData", TypeName=["*"]).invoke()
        assert len(views) >= 5
        assert GetCommandMetadata is not None


def streams(wsman):
    with wsman, pool(wsman) as runspaces:
        shell = cmdlet(runspaces, "Get-Mailbox", ResultSize=2, Verbose=True)
        assert len(shell.invoke()) == 2
        assert len(shell.streams.warning) == 1, shell.streams.warning
        assert len(shell.streams.verbose) >= 1
        assert shell.state == PSInvocationState.COMPLETED
        missing = cmdlet(runspaces, "Get-Mailbox", Identity="nobody")
        assert missing.invoke() == []
        assert "ManagementObjectNotFoundException" in missing.streams.error[0].fq_error
        wrong = cmdlet(runspaces, "Get-Mailbox", Colour="blue")
        wrong.invoke()
        assert wrong.state == PSInvocationState.FAILED and wrong.had_errors
        script = PowerShell(runspaces).add_script("Get-Mailbox")
        script.invoke()
        assert script.state == PSInvocationState.FAILED


def input(wsman):
    with wsman, pool(wsman) as runspaces:
        shell = cmdlet(runspaces, "Get-Mailbox")
        found = shell.invoke(["alice", "nobody", "bob"])
        assert [property_of(m, "Alias") for m in found] == ["alice", "bob"]
        assert len(shell.streams.error) == 1
        change = cmdlet(runspaces, "Get-Mailbox", Identity="carol")
        change.add_cmdlet("Set-Mailbox").add_parameter("CustomAttribute1", "piped")
        assert change.invoke() == []
        carol = cmdlet(runspaces, "Get-Mailbox", Identity="carol").invoke()[0]
        assert property_of(carol, "CustomAttribute1") == "piped"


def secure_string(wsman):
    with wsman, pool(wsman) as runspaces:
        runspaces.exchange_keys()
        password = runspaces.serialize("s3cret \u00fc", ObjectMeta("SS"))
        shell = cmdlet(
            runspaces, "New-Mailbox", Name="Zed Zulu", UserPrincipalName="zed@contoso.com", Password=password
        )
        made = shell.invoke()
        assert not shell.streams.error, [str(error) for error in shell.streams.error]
        assert property_of(made[0], "PrimarySmtpAddress") == "zed@contoso.com"


def stop(wsman):
    with wsman, pool(wsman) as runspaces:
        shell = cmdlet(runspaces, "Get-Mailbox", ResultSize="Unlimited")
        shell.begin_invoke()
        shell.poll_invoke()
        assert shell.output, "something came before the stop"
        shell.stop()
        assert shell.state == PSInvocationState.STOPPED, shell.state
        again = cmdlet(runspaces, "Get-Mailbox", Identity="bob").invoke()
        assert len(again) == 1, "the pool is usable after a stop"


def quota(wsman):
    first, second = pool(wsman), pool(wsman)
    first.open()
    second.open()
    refused = pool(wsman)
    try:
        refused.open()
        raise AssertionError("a third session was let in")
    except InvalidPSRPOperation as problem:
        assert "maximum number of connections allowed" in str(problem), problem
    finally:
        for runspaces in (refused, first, second):
            if runspaces.state != RunspacePoolState.CLOSED:
                runspaces.state = RunspacePoolState.OPENED
                runspaces.close()


def wrong_password(wsman):
    try:
        with wsman, pool(wsman):
            raise AssertionError("a wrong password was let in")
    except AuthenticationError:
        pass


def many(wsman):
    with wsman, pool(wsman) as runspaces:
        found = cmdlet(runspaces, "Get-Mailbox", ResultSize="Unlimited").invoke()
        assert len(found) == 300
        assert len({property_of(m, "Alias") for m in found}) == 300


def main():
    name, url, user, password = sys.argv[1:]
    if name == "wrong_password":
        password = "not " + password
    globals()[name](connection(url, user, password))


main()
