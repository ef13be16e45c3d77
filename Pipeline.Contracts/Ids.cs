namespace Pipeline.Contracts;

/// <summary>Image and producer ids: any text that is there and not endless.</summary>
internal static class Ids
{
    public static Problem? Check(string field, string id) => id.Length switch
    {
        0 => new(ProblemKind.MissingField, $"the {field} is missing"),
        > Limits.MaxIdLength => new(ProblemKind.TooLarge, $"the {field} has at most {Limits.MaxIdLength} characters, and this one {id.Length}"),
        _ => null,
    };

    /// <summary>A missing producer is not an error: older messages do not always name one.</summary>
    public static Problem? CheckProducer(ref string id)
    {
        if (id.Length == 0)
        {
            id = CapturedImage.UnknownProducer;
        }

        return Check("producer id", id);
    }
}
