namespace MongoDB.Driver;

/// <summary>Everything that goes wrong between this program and the server. A server that cannot be found is a <see cref="TimeoutException"/>.</summary>
public class MongoException : Exception
{
    private readonly List<string> _errorLabels = [];

    public MongoException(string message) : base(message) { }

    public MongoException(string message, Exception? innerException) : base(message, innerException) { }

    /// <summary>What the server or the driver say about the error, such as that trying again is safe.</summary>
    public IReadOnlyList<string> ErrorLabels => _errorLabels;

    public void AddErrorLabel(string errorLabel)
    {
        if (!HasErrorLabel(errorLabel))
            _errorLabels.Add(errorLabel);
    }

    public bool HasErrorLabel(string errorLabel) => _errorLabels.Contains(errorLabel);

    public void RemoveErrorLabel(string errorLabel) => _errorLabels.Remove(errorLabel);
}
