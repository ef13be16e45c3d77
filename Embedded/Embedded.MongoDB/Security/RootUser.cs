using Embedded.Hosting;

namespace Embedded.MongoDB.Security;

/// <summary>
/// The one user that a server may have, by the variables that the container takes. Nothing of it is written down: the
/// password of this start counts, so a data folder never keeps its owner out.
/// </summary>
internal sealed class RootUser(string name, string password)
{
    public const string NameVariable = "MONGO_INITDB_ROOT_USERNAME";
    public const string PasswordVariable = "MONGO_INITDB_ROOT_PASSWORD";

    public string Name => name;

    public string Password => password;

    /// <summary>The user that the variables name; null where neither is set, and then nobody is asked.</summary>
    /// <exception cref="StartupException">One stands without the other, or no client could send that password.</exception>
    public static RootUser? FromEnvironment(Func<string, string?> read)
    {
        var name = read(NameVariable) ?? "";
        var password = read(PasswordVariable) ?? "";
        if (name.Length == 0 && password.Length == 0)
        {
            return null;
        }

        if (name.Length == 0 || password.Length == 0)
        {
            throw new StartupException(
                $"{(name.Length == 0 ? NameVariable : PasswordVariable)} is not set and the other is: set both {NameVariable} and {PasswordVariable}, or neither");
        }

        if (password.Any(char.IsControl))
        {
            throw new StartupException($"{PasswordVariable} holds a control character, which clients refuse to send: set another password");
        }

        return new(name, password);
    }
}
