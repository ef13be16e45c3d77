using System.Text;
using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Expressions.Accumulators;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Query;

/// <summary>Turns <c>{a: 1, "b.c": 1, d: {$add: …}}</c> into a tree.</summary>
internal sealed class ProjectionParser(Variables variables, ProjectionMode mode, bool ofFind)
{
    private readonly ProjectionNode _root = new("", mode);
    private readonly ExpressionScope _scope = new(variables);
    private bool _needsPosition;

    /// <param name="spec">The projection.</param>
    /// <param name="variables">What <c>let</c> defines.</param>
    /// <param name="ofFind">Whether <c>$slice</c>, <c>$elemMatch</c> and the positional <c>$</c> are allowed.</param>
    public static Projection Parse(ReadOnlySpan<byte> spec, Variables variables, bool ofFind)
    {
        var parser = new ProjectionParser(variables, ModeOf(spec, ofFind), ofFind);
        parser.AddFields("", spec);
        parser.AddId(spec);
        return parser.Result;
    }

    /// <summary><c>$addFields</c>: every value is an expression.</summary>
    public static Projection ParseAdditions(ReadOnlySpan<byte> spec, Variables variables)
    {
        var parser = new ProjectionParser(variables, ProjectionMode.Add, ofFind: false);
        parser.AddComputed("", spec);
        return parser.Result;
    }

    private Projection Result => new(_root, _scope) { NeedsPosition = _needsPosition };

    /// <summary>The first field other than <c>_id</c> decides; alone, <c>_id</c> does.</summary>
    private static ProjectionMode ModeOf(ReadOnlySpan<byte> spec, bool ofFind)
    {
        var ofId = ofFind ? ProjectionMode.Exclude : ProjectionMode.Include;
        var elements = new Elements(spec);
        while (elements.MoveNext())
        {
            var decides = ModeOf(elements.Value, ofFind);
            if (decides is null)
            {
                continue;
            }
            if (!elements.Name.SequenceEqual("_id"u8))
            {
                return decides.Value;
            }
            ofId = decides.Value;
        }
        return ofId;
    }

    private static ProjectionMode? ModeOf(RawValue value, bool ofFind)
    {
        if (IsSwitch(value))
        {
            return value.IsTruthy ? ProjectionMode.Include : ProjectionMode.Exclude;
        }
        if (!value.IsDocument)
        {
            return ProjectionMode.Include;
        }
        var elements = new Elements(value.Bytes);
        if (!elements.MoveNext())
        {
            return null;
        }
        // A slice leaves the other fields as they are, unless another field says otherwise.
        if (ofFind && elements.Name.SequenceEqual("$slice"u8))
        {
            return null;
        }
        return elements.Name is [(byte)'$', ..] ? ProjectionMode.Include : ModeOf(elements.Value, ofFind);
    }

    private static bool IsSwitch(RawValue value) => value.IsNumber || value.Type == BsonType.Boolean;

    private void AddFields(string prefix, ReadOnlySpan<byte> spec)
    {
        var elements = new Elements(spec);
        while (elements.MoveNext())
        {
            var path = prefix + Encoding.UTF8.GetString(elements.Name);
            var value = elements.Value;
            if (path == "_id" && IsSwitch(value))
            {
                continue;
            }
            if (IsSwitch(value))
            {
                AddSwitch(path, value.IsTruthy);
            }
            else if (value.IsDocument && !IsExpression(value))
            {
                if (Elements.IsEmpty(value.Bytes))
                {
                    throw new CommandException(51270, $"An empty sub-projection is not a valid value. Found empty object at path: {path}");
                }
                AddFields(path + ".", value.Bytes);
            }
            else if (!(ofFind && value.IsDocument && TryAddChange(path, value)))
            {
                if (mode == ProjectionMode.Exclude)
                {
                    throw new CommandException(
                        31252, $"Bad projection specification, cannot use an expression for {path} in an exclusion projection");
                }
                _root.Add(path, computes: true).Computed = Expression.Parse(value, _scope);
            }
        }
    }

    private void AddSwitch(string path, bool included)
    {
        if (included && mode == ProjectionMode.Exclude)
        {
            throw new CommandException(31253, $"Cannot do inclusion on field {path} in exclusion projection");
        }
        if (!included && mode == ProjectionMode.Include)
        {
            throw new CommandException(31254, $"Cannot do exclusion on field {path} in inclusion projection");
        }
        if (path.EndsWith(".$", StringComparison.Ordinal))
        {
            if (!ofFind)
            {
                throw new CommandException(31324, "Cannot use positional projection in aggregation projection");
            }
            if (!included || _needsPosition)
            {
                throw new CommandException(31395, "positional projection cannot be used with exclusion, or more than once");
            }
            _needsPosition = true;
            _root.Add(path[..^2], computes: false).Change = KeepMatched;
            return;
        }
        var leaf = _root.Add(path, computes: false);
        (leaf.IsIncluded, leaf.IsExcluded) = (included, !included);
    }

    /// <summary><c>_id</c> comes out unless it is said not to.</summary>
    private void AddId(ReadOnlySpan<byte> spec)
    {
        var given = Elements.Find(spec, "_id"u8);
        var included = !IsSwitch(given) || given.IsTruthy;
        if (!IsSwitch(given) && !given.IsMissing)
        {
            return;
        }
        if (included == (mode == ProjectionMode.Include) && _root.Find("_id"u8) < 0)
        {
            var leaf = _root.Add("_id", computes: false);
            (leaf.IsIncluded, leaf.IsExcluded) = (included, !included);
        }
    }

    private void AddComputed(string prefix, ReadOnlySpan<byte> spec)
    {
        var elements = new Elements(spec);
        while (elements.MoveNext())
        {
            var path = prefix + Encoding.UTF8.GetString(elements.Name);
            if (elements.Value.IsDocument && !IsExpression(elements.Value) && !Elements.IsEmpty(elements.ValueBytes))
            {
                AddComputed(path + ".", elements.ValueBytes);
            }
            else { _root.Add(path, computes: true).Computed = Expression.Parse(elements.Value, _scope); }
        }
    }

    private static bool IsExpression(RawValue value)
    {
        var elements = new Elements(value.Bytes);
        return elements.MoveNext() && elements.Name is [(byte)'$', ..];
    }

    private bool TryAddChange(string path, RawValue value)
    {
        var slice = value.Field("$slice"u8);
        if (!slice.IsMissing && (slice.IsNumber || (slice.IsArray && Elements.At(slice.Bytes, 0).IsNumber)))
        {
            var (skip, count) = SliceOf(slice);
            _root.Add(path, computes: false).Change = (array, name, output, _) => WriteSlice(array, name, output, skip, count);
            return true;
        }
        var match = value.Field("$elemMatch"u8);
        if (!match.IsMissing)
        {
            if (path.Contains('.'))
            {
                throw new CommandException(31275, "Cannot use $elemMatch projection on a nested field.");
            }
            var test = FilterParser.ParseElemMatch(match, variables);
            _root.Add(path, computes: false).Change = (array, name, output, _) => WriteFirst(array, name, output, test);
            return true;
        }
        return value.Field("$meta"u8).IsMissing ? false : throw new CommandException(ErrorCode.BadValue, "$meta is not supported by this server");
    }

    private static (long? Skip, long Count) SliceOf(RawValue slice)
    {
        if (slice.IsNumber)
        {
            return (null, Whole(slice));
        }
        if (Elements.Count(slice.Bytes) != 2)
        {
            throw new CommandException(28724, "$slice takes a number or [skip, count]");
        }
        var count = Whole(Elements.At(slice.Bytes, 1));
        return count > 0
            ? (Whole(Elements.At(slice.Bytes, 0)), count)
            : throw new CommandException(28724, "The second element of $slice must be positive");

        static long Whole(RawValue value) => value.IsNumber && Number.From(value).TryTruncate(out var whole)
            ? Math.Clamp(whole, int.MinValue, int.MaxValue)
            : throw new CommandException(28724, "$slice takes whole numbers");
    }

    private static void WriteSlice(RawValue value, ReadOnlySpan<byte> name, BsonBuffer output, long? skip, long count)
    {
        if (!value.IsArray)
        {
            output.WriteElement(name, value);
            return;
        }
        var total = Elements.Count(value.Bytes);
        var (start, length) = skip is { } from
            ? (from < 0 ? Math.Max(0, total + from) : from, count)
            : (count < 0 ? Math.Max(0, total + count) : 0, Math.Abs(count));
        output.BeginElement(BsonType.Array, name);
        var array = output.BeginDocument();
        var elements = new Elements(value.Bytes);
        var written = 0;
        for (long i = 0; elements.MoveNext(); i++)
        {
            if (i >= start && written < length)
            {
                output.WriteItem(written++, elements.Value);
            }
        }
        output.EndDocument(array);
    }

    private static void WriteFirst(RawValue value, ReadOnlySpan<byte> name, BsonBuffer output, ValueTest test)
    {
        var position = -1;
        if (value.IsArray && test.Test(value, ref position))
        {
            KeepMatched(value, name, output, position);
        }
    }

    private static void KeepMatched(RawValue value, ReadOnlySpan<byte> name, BsonBuffer output, int position)
    {
        if (!value.IsArray)
        {
            output.WriteElement(name, value);
            return;
        }
        if (position < 0)
        {
            throw new CommandException(
                51246, "Executor error during find command: positional operator '.$' couldn't find a matching element in the array");
        }
        output.BeginElement(BsonType.Array, name);
        var array = output.BeginDocument();
        output.WriteItem(0, Elements.At(value.Bytes, position));
        output.EndDocument(array);
    }
}
