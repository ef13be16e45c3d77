namespace MongoDB.Driver;

/// <summary>One write of a bulk.</summary>
public abstract class WriteModel<TDocument>
{
    private protected WriteModel() { }

    public abstract WriteModelType ModelType { get; }
}
