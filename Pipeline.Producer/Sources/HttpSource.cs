using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.WebUtilities;
using Pipeline.Contracts;
using Pipeline.Contracts.Options;
using Pipeline.Contracts.Pixels;

namespace Pipeline.Producer.Sources;

/// <summary>A camera with an address: one picture for each question, or a stream of them for one, as its answer says.</summary>
/// <param name="address">May hold a user and a password, for basic and digest authentication.</param>
internal sealed class HttpSource(Uri address) : IPictureSource
{
    private const string StreamType = "multipart/";

    private readonly FileBuffer _buffer = new();

    public async IAsyncEnumerable<Frame> ReadAsync(Pace pace, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var http = Client();
        while (true)
        {
            var dueAt = await pace.WaitAsync(cancellationToken);
            using var answer = await Patience.ForAsync(Patience.Usual, token => AskAsync(http, token), cancellationToken);
            if (answer.Content.Headers.ContentType?.MediaType?.StartsWith(StreamType, StringComparison.OrdinalIgnoreCase) is not true)
            {
                yield return new Frame(
                    await Patience.ForAsync(Patience.Usual, token => SnapshotAsync(answer, token), cancellationToken), DueAt: dueAt);
                continue;
            }

            await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            await foreach (var file in MultipartStream.ReadAsync(body, _buffer, Patience.Usual, cancellationToken))
            {
                if (pace.IsDue())
                {
                    yield return new Frame(Frame.PictureOf(file));
                }
            }

            throw new SourceAwayException("the camera has ended its stream");
        }
    }

    private HttpClient Client()
    {
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2) };     // its name may get another address
        if (address.UserInfo is { Length: > 0 } user)
        {
            var parts = user.Split(':', 2);
            var login = new NetworkCredential(Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts.Length > 1 ? parts[1] : ""));
            var camera = new Uri(address.WithoutUser(), "/");      // where it sends us on its own; another host is not told
            handler.Credentials = new CredentialCache { { camera, "Basic", login }, { camera, "Digest", login } };
            handler.PreAuthenticate = true;
        }

        // A stream's answer never ends: Patience counts what there is to be patient with.
        return new HttpClient(handler) { BaseAddress = address.WithoutUser(), Timeout = Timeout.InfiniteTimeSpan };
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var answer = await http.GetAsync("", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        var status = answer.StatusCode;
        answer.Dispose();
        throw new SourceAwayException(status == HttpStatusCode.Unauthorized
            ? "the camera wants a login, or another one: http://USER:PASSWORD@…"
            : $"the camera answers {(int)status} {ReasonPhrases.GetReasonPhrase((int)status)}".TrimEnd());
    }

    private async Task<Parsed<Picture>> SnapshotAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var picture = Frame.PictureOf(await _buffer.ReadAsync(body, answer.Content.Headers.ContentLength, cancellationToken));
        return !picture.IsRead(out _, out var problem) && answer.Content.Headers.ContentType?.MediaType is { } type
            ? problem with { Text = $"{problem.Text} (it came as {type})" }
            : picture;
    }
}
