using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Aspire.Hosting.Publishing;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Makes a <see cref="ReferenceExpression"/> piece by piece.</summary>
public class ReferenceExpressionBuilder
{
    private readonly StringBuilder _format;
    private readonly List<IValueProvider> _valueProviders = [];
    private readonly List<string> _manifestExpressions = [];
    private readonly List<string?> _stringFormats = [];

    /// <summary>Starts empty.</summary>
    public ReferenceExpressionBuilder() : this(64) { }

    internal ReferenceExpressionBuilder(int capacity) => _format = new StringBuilder(capacity);

    /// <summary>Whether nothing was added yet.</summary>
    public bool IsEmpty => _format.Length == 0;

    /// <summary>Adds text as it is.</summary>
    public void AppendLiteral(string value) => _format.Append(Escape(value));

    /// <summary>Adds an interpolated string.</summary>
    public void Append([InterpolatedStringHandlerArgument("")] in ReferenceExpressionBuilderInterpolatedStringHandler handler)
    {
        // The handler has written to this builder while it was being filled.
        _ = handler;
    }

    /// <summary>Adds a value that is known now.</summary>
    public void AppendFormatted(string? value) => AppendFormatted(value, format: null);

    /// <summary>Adds a value that is known now, encoded as <paramref name="format"/> says.</summary>
    public void AppendFormatted(string? value, string? format)
    {
        if (value is not null) AppendLiteral(format is "uri" ? Uri.EscapeDataString(value) : value);
    }

    /// <summary>Adds a value that becomes known.</summary>
    public void AppendFormatted<T>(T valueProvider) where T : IValueProvider, IManifestExpressionProvider =>
        AppendFormatted(valueProvider, format: null);

    /// <summary>Adds a value that becomes known, encoded as <paramref name="format"/> says.</summary>
    /// <exception cref="ArgumentException">A nested expression cannot be encoded as a whole.</exception>
    public void AppendFormatted<T>(T valueProvider, string? format) where T : IValueProvider, IManifestExpressionProvider
    {
        if (valueProvider is ReferenceExpression nested)
        {
            if (format is not null) throw new ArgumentException("A nested ReferenceExpression cannot have a format.", nameof(format));
            AppendNested(nested);
            return;
        }
        // A deployment that knows the parameter knows how to encode it: the encoded value has a name of its own.
        var expression = format is "uri" && valueProvider is ParameterResource parameter
            ? ManifestPublishingContext.UriEncoded(parameter)
            : valueProvider.ValueExpression;
        AppendHole(valueProvider, expression, format);
    }

    /// <summary>The expression made so far.</summary>
    public ReferenceExpression Build() =>
        ReferenceExpression.Create(_format.ToString(), [.. _valueProviders], [.. _manifestExpressions], [.. _stringFormats]);

    private void AppendHole(IValueProvider value, string manifestExpression, string? format)
    {
        _format.Append(CultureInfo.InvariantCulture, $"{{{_valueProviders.Count}}}");
        _valueProviders.Add(value);
        _manifestExpressions.Add(manifestExpression);
        _stringFormats.Add(format);
    }

    // The nested format is copied with its holes renumbered; doubled braces stay doubled.
    private void AppendNested(ReferenceExpression nested)
    {
        var format = nested.Format;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] is not ('{' or '}')) { _format.Append(format[i]); continue; }
            if (i + 1 < format.Length && format[i + 1] == format[i]) { _format.Append(format[i], 2); i++; continue; }

            var end = format.IndexOf('}', i);
            var hole = int.Parse(format.AsSpan(i + 1, end - i - 1), CultureInfo.InvariantCulture);
            AppendHole(nested.ValueProviders[hole], nested.ManifestExpressions[hole], nested.StringFormats[hole]);
            i = end;
        }
    }

    private static string Escape(string value) =>
        value.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);

    /// <summary>Gathers an interpolated string into the builder.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct ReferenceExpressionBuilderInterpolatedStringHandler
    {
        private readonly ReferenceExpressionBuilder _builder;

        /// <summary>Called by the compiler.</summary>
        public ReferenceExpressionBuilderInterpolatedStringHandler(int literalLength, int formattedCount, ReferenceExpressionBuilder builder)
        {
            builder._format.EnsureCapacity(builder._format.Length + literalLength + formattedCount * 4);
            _builder = builder;
        }

        /// <summary>Text between the holes.</summary>
        public void AppendLiteral(string value) => _builder.AppendLiteral(value);

        /// <summary>A value that is known now.</summary>
        public void AppendFormatted(string? value) => _builder.AppendFormatted(value);

        /// <summary>A value that is known now, encoded as <paramref name="format"/> says.</summary>
        public void AppendFormatted(string? value, string? format) => _builder.AppendFormatted(value, format);

        /// <summary>A value that becomes known.</summary>
        public void AppendFormatted<T>(T valueProvider) where T : IValueProvider, IManifestExpressionProvider =>
            _builder.AppendFormatted(valueProvider);

        /// <summary>A value that becomes known, encoded as <paramref name="format"/> says.</summary>
        public void AppendFormatted<T>(T valueProvider, string? format) where T : IValueProvider, IManifestExpressionProvider =>
            _builder.AppendFormatted(valueProvider, format);
    }
}
